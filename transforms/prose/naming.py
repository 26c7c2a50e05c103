"""How the problems of a text call its indicators, units and provinces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.model import Catalogue
from transforms.prose.claims import Claim, FigureList

CLUSTER = "toàn Cụm"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a catalogue as they stand in messages."""

    catalogue: Catalogue

    def label(self, claim: Claim) -> str:
        return self.catalogue.indicators[claim.indicator_code].label

    def unit(self, claim: Claim) -> str:
        return self.catalogue.unit_of(self.catalogue.indicators[claim.indicator_code]).name

    def of(self, province_ids: Iterable[str]) -> str:
        """Provinces by name: "Hà Nam, Nam Định và Thái Bình"."""
        names = [self._name(province_id) for province_id in province_ids]
        return " và ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)

    def _name(self, province_id: str) -> str:
        if province_id == self.catalogue.cluster_id:
            return CLUSTER
        return next((p.name for p in self.catalogue.provinces if p.province_id == province_id), province_id)

    def missing(self, figures: FigureList) -> list[str]:
        """The members of the cluster that a list does not tell of."""
        told = {claim.province_id for claim in figures.items}
        members = self.catalogue.members_of(figures.period_code)
        return [member.province_id for member in members if member.province_id not in told]
