"""Evidence: a claim is shown only with the source it rests on, and after it was checked against it."""
