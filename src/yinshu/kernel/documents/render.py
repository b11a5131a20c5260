"""Pages as pictures: the original page of a PDF or of an image file as PNG, drawn in the reading process."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
from PIL import Image as Pillow
from PIL import ImageOps, ImageSequence

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.sniff import shown_name, sniff

WIDTH_PIXELS_MIN = 100
WIDTH_PIXELS_MAX = 2_400
_SCALE_MAX = 8.0
_HEIGHT_SHARE_MAX = 6.0
"""A page taller than this many times its width is drawn narrower."""


def render_page(data: bytes, file_name: str, page: int, width_pixels: int, limits: ParseLimits) -> bytes:
    """Page `page` (from 1) as PNG of about this width.

    Raises UnsupportedFormat for formats without pages, FileTooLarge, and DamagedFile for a page that is not there.
    """
    name = shown_name(file_name)
    width = max(WIDTH_PIXELS_MIN, min(WIDTH_PIXELS_MAX, width_pixels))
    found = sniff(data, file_name, limits).format
    if found == "pdf":
        return _of_pdf(data, name, page, width)
    if found == "image":
        return _of_image(data, name, page, width, limits)
    raise errors.UnsupportedFormat(name, "没有固定的版面", "请查看文字，或下载原文件")


def _of_pdf(data: bytes, name: str, page: int, width: int) -> bytes:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise errors.damaged(name, detail=repr(error)) from error
    try:
        if not 1 <= page <= len(document):
            raise errors.damaged(name, detail=f"no page {page}")
        sheet = document[page - 1]
        across, down = sheet.get_size()
        across, down = max(across, 1.0), max(down, 1.0)
        scale = min(width / across, width * _HEIGHT_SHARE_MAX / down, _SCALE_MAX)
        return _png(sheet.render(scale=scale).to_pil().convert("RGB"))
    except pdfium.PdfiumError as error:
        raise errors.damaged(name, detail=repr(error)) from error
    finally:
        document.close()


def _of_image(data: bytes, name: str, page: int, width: int, limits: ParseLimits) -> bytes:
    try:
        with Pillow.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > limits.image_pixels_max:
                raise errors.FileTooLarge(name, "像素太多", "请缩小后再上传")
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number == page:
                    upright = ImageOps.exif_transpose(frame.convert("RGB"))
                    upright.thumbnail((width, round(width * _HEIGHT_SHARE_MAX)))
                    return _png(upright)
    except (OSError, ValueError, SyntaxError) as error:
        raise errors.damaged(name, detail=repr(error)) from error
    raise errors.damaged(name, detail=f"no page {page}")


def _png(picture: Pillow.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
