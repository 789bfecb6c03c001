"""The manifest of an exchanged ZIP, written and read by the same models: this is its description.

What a file is called in the ZIP follows from its SHA-256 and its kind. Nothing here names a person of a lab;
a partner's name is the attribution of a design.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from makerlab.catalog.rules import MESH_KINDS

FORMAT: Literal["makerlab-catalogue"] = "makerlab-catalogue"
VERSION = 1  # of the format: a lab reads this one and older ones
NAME = "manifest.json"
MOST_DESIGNS = 2_000

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, StringConstraints(max_length=300)]
Story = Annotated[str, StringConstraints(max_length=20_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[\w.+ -]{1,32}$")]  # of designs.profiles
Licence = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+-]{0,40}$")]  # SPDX


class Said(BaseModel):
    """What this version does not know is left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Head(Said):
    """What tells whether the rest can be read."""

    format: Literal["makerlab-catalogue"]
    version: int = Field(ge=1, le=1_000_000)


class File(Said):
    """A mesh as it was uploaded, how it is printed, and how often one piece needs it."""

    sha256: Sha256
    file_name: Line
    name: Line = ""  # of the part
    count: int = Field(1, ge=1, le=100)
    process: Key
    material: Key
    supports: bool = False

    @property
    def kind(self) -> str:
        return PurePosixPath(self.file_name.lower()).suffix.lstrip(".")

    @property
    def entry(self) -> str:
        return f"files/{self.sha256}.{self.kind}"

    @property
    def task(self) -> tuple[str, str, str, bool]:
        """What of it decides how it is read, checked and estimated."""
        return self.entry, self.process, self.material, self.supports

    @model_validator(mode="after")
    def _known_kind(self) -> Self:
        if self.kind not in MESH_KINDS:
            raise ValueError("unknown kind of file")
        return self


class Revision(Said):
    """Its own file first, then its further parts."""

    files: tuple[File, ...] = Field(min_length=1, max_length=21)
    note: Story = ""


class Picture(Said):
    """A photo, always JPEG."""

    sha256: Sha256
    alt: Line = ""

    @property
    def entry(self) -> str:
        return f"files/{self.sha256}.jpg"


class Step(Said):
    """Of finishing or assembly; minutes for one piece."""

    kind: Literal["finish", "assembly"]
    text: Line
    minutes: int = Field(ge=0, le=600)
    picture: Picture | None = None


class Design(Said):
    """Revisions from the oldest to the newest."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    story: Story = ""
    partner: Line = ""
    tags: tuple[Line, ...] = Field((), max_length=50)
    needs: tuple[Line, ...] = Field((), max_length=50)  # equipment that its printer must have
    licence: Licence = ""
    revisions: tuple[Revision, ...] = Field(min_length=1, max_length=500)
    photos: tuple[Picture, ...] = Field((), max_length=20)
    making: tuple[Step, ...] = Field((), max_length=30)


class Collection(Said):
    """`designs` are places in the manifest's list, from 0, in the collection's order."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    story: Story = ""
    picture: Picture | None = None
    designs: tuple[int, ...] = Field((), max_length=MOST_DESIGNS)


class Manifest(Head):
    exported_at: datetime
    designs: tuple[Design, ...] = Field(min_length=1, max_length=MOST_DESIGNS)
    collections: tuple[Collection, ...] = Field((), max_length=500)

    @model_validator(mode="after")
    def _places(self) -> Self:
        there = range(len(self.designs))
        if any(place not in there for one in self.collections for place in one.designs):
            raise ValueError("a collection names a design that is not there")
        return self

    def files(self) -> list[File]:
        """Of all revisions, in order."""
        return [file for design in self.designs for revision in design.revisions for file in revision.files]

    def entries(self) -> set[str]:
        """All that must be in the ZIP beside the manifest."""
        pictures = (entry for design in self.designs for entry in pictures_of(design))
        covers = (one.picture.entry for one in self.collections if one.picture)
        return {*(file.entry for file in self.files()), *pictures, *covers}


def pictures_of(design: Design) -> list[str]:
    """Entries of its photos and of the pictures of its steps."""
    return [
        *(photo.entry for photo in design.photos),
        *(step.picture.entry for step in design.making if step.picture),
    ]
