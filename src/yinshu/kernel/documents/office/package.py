"""Office Open XML containers: parts read safely, without entities, network or unbounded inflation."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from yinshu.kernel.documents import errors

_DOCTYPE_WINDOW = 2048


def local(element: etree._Element) -> str:
    """The tag without its namespace, so that transitional and strict files read alike; "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Direct children of one of the names."""
    return [child for child in element if local(child) in names]


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element down a path of local names, or None."""
    found: etree._Element | None = element
    for name in path:
        found = next((item for item in found if local(item) == name), None) if found is not None else None
    return found


class OfficePackage:
    """An opened container whose directory `sniff` has already checked against the limits."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise errors.damaged(name, detail=repr(error)) from error
        self._names = {entry.lower(): entry for entry in self._archive.namelist()}

    def has(self, part: str) -> bool:
        """Whether the container holds the part."""
        return part.lower() in self._names

    def inflated(self, folder: str) -> int:
        """Bytes that the parts under a folder would take, by the container's directory."""
        return sum(entry.file_size for entry in self._archive.infolist() if entry.filename.lower().startswith(folder))

    def mentions(self, folder: str, words: tuple[bytes, ...]) -> bool:
        """Whether a part under a folder contains one of the byte strings."""
        return any(
            word in data
            for lower in self._names if lower.startswith(folder)
            for data in (self.read(lower),)
            for word in words
        )  # fmt: skip

    def read(self, part: str) -> bytes:
        """A part's bytes. Raises DamagedFile when it is missing or broken."""
        try:
            return self._archive.read(self._names[part.lower()])
        except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
            raise errors.damaged(self.name, detail=f"{part}: {error!r}") from error

    def xml(self, part: str) -> etree._Element:
        """A part's root element. Raises DamagedFile, or DangerousFile when the part declares a document type."""
        data = self.read(part)
        self._refuse_doctype(data)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser=parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise errors.damaged(self.name, detail=f"{part}: {error}") from error

    def xml_or_none(self, part: str) -> etree._Element | None:
        """A part that may be absent or broken without harm to the text."""
        if not self.has(part):
            return None
        try:
            return self.xml(part)
        except errors.DamagedFile:
            return None

    def main_part(self, fallback: str) -> str:
        """The part that the container's root relationships name as its document."""
        root = self.xml_or_none("_rels/.rels")
        for relation in root if root is not None else ():
            if (attribute(relation, "Type") or "").endswith("/officeDocument"):
                target = posixpath.normpath((attribute(relation, "Target") or "").lstrip("/"))
                if self.has(target):
                    return target
        return fallback

    def refuse_doctypes(self) -> None:
        """Refuse a container any of whose parts declares a document type: Office never writes one."""
        for lower, entry in self._names.items():
            if lower.endswith((".xml", ".rels")):
                try:
                    with self._archive.open(entry) as part:
                        self._refuse_doctype(part.read(_DOCTYPE_WINDOW))
                except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
                    raise errors.damaged(self.name, detail=f"{entry}: {error!r}") from error

    def _refuse_doctype(self, data: bytes) -> None:
        head = data[:_DOCTYPE_WINDOW].replace(b"\x00", b"").lower()
        if b"<!doctype" in head or b"<!entity" in head:
            raise errors.DangerousFile(
                self.name,
                "含有 XML 实体声明，疑似恶意构造",
                "已拒绝读取；若确为正常文件，请用 Office 打开后另存一份再上传",
            )
