"""OCR engines behind the documents room's port."""
