"""Pictures of documents (PNG, JPG, BMP, TIFF, WebP): decoded within limits, turned as the camera says, read by OCR."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from yinshu.kernel.documents import errors
from yinshu.kernel.documents.limits import ParseLimits
from yinshu.kernel.documents.page.aligned import with_aligned_tables
from yinshu.kernel.documents.page.paragraphs import paragraphs
from yinshu.kernel.documents.page.rows import regions
from yinshu.kernel.documents.page.running import without_running_lines
from yinshu.kernel.documents.page.scan import read_scan
from yinshu.kernel.documents.ports import Image, OcrEngine
from yinshu.kernel.documents.records import Block

_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
_SIDE_MIN = 16
_WORKING_SIDE_MAX = 6_000


def parse_image(
    data: bytes,
    name: str,
    limits: ParseLimits,
    ocr: OcrEngine | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[tuple[Block, ...], int, tuple[str, ...]]:
    """Blocks with page (a TIFF may have several) and place; the number of pages; warnings."""
    if ocr is None:
        raise errors.OcrUnavailable(
            name, "是图片，需要文字识别（OCR）才能读取，而 OCR 未启用", "请启用 OCR 后重试，或上传可复制文字的文档"
        )
    pages = []
    for count, (index, image) in enumerate(_frames(data, name, limits)):
        pages.append(read_scan(image, ocr, index + 1))
        if progress is not None:
            progress(count + 1, max(count + 1, 1))
    flow = []
    for page in without_running_lines(pages) if len(pages) > 1 else pages:
        flow += [with_aligned_tables(region) for region in regions(page.pieces)]
    if not any(flow):
        raise errors.EmptyFile(
            name, "中没有识别出文字", "请确认图片清晰、方向正确、不过暗或过曝，以 200 dpi 以上重新扫描或拍摄后上传"
        )
    return tuple(paragraphs(flow)), len(pages), ()


def _frames(data: bytes, name: str, limits: ParseLimits) -> Iterator[tuple[int, Image]]:
    """Each frame as upright RGB. Raises DamagedFile or FileTooLarge before a large picture is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Pillow.open(io.BytesIO(data), formats=_FORMATS)
            count = min(int(getattr(picture, "n_frames", 1)), limits.ocr_pages_max + 1)
            if count > limits.ocr_pages_max:
                raise errors.FileTooLarge(
                    name, f"有超过 {limits.ocr_pages_max} 页图片", "请拆分成几个文件后上传，或请管理员调高上限"
                )
            for index in range(count):
                picture.seek(index)
                yield index, _decode(picture, name, limits)
    except Pillow.DecompressionBombError as error:
        raise errors.FileTooLarge(
            name,
            f"的图片超过 {limits.image_pixels_max // 10_000} 万像素的上限",
            "请以 200 至 300 dpi 重新扫描，或缩小图片后上传",
            detail=repr(error),
        ) from error
    except (UnidentifiedImageError, SyntaxError, OSError, ValueError) as error:
        raise errors.damaged(name, detail=repr(error)) from error


def _decode(picture: Pillow.Image, name: str, limits: ParseLimits) -> Image:
    width, height = picture.size
    if width * height > limits.image_pixels_max:
        raise errors.FileTooLarge(
            name,
            f"的图片有 {width}×{height} 像素，超过 {limits.image_pixels_max // 10_000} 万像素的上限",
            "请以 200 至 300 dpi 重新扫描，或缩小图片后上传",
        )
    if min(width, height) < _SIDE_MIN:
        raise errors.EmptyFile(name, f"的图片只有 {width}×{height} 像素，过小，无法识别", "请上传清晰的原图")
    picture.draft("RGB", (_WORKING_SIDE_MAX, _WORKING_SIDE_MAX))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        ground = Pillow.new("RGBA", upright.size, "white")
        upright = Pillow.alpha_composite(ground, upright)
    colour = upright.convert("RGB")
    colour.thumbnail((_WORKING_SIDE_MAX, _WORKING_SIDE_MAX))
    return np.array(colour, dtype=np.uint8)
