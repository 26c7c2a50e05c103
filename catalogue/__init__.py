"""What is asked: the catalogue of indicators, rules, forms, provinces and periods."""

from catalogue.load import DATA, load_catalogue
from catalogue.model import Catalogue, Indicator, Province, Rule, Severity
from catalogue.verify import CatalogueError

__all__ = ["DATA", "Catalogue", "CatalogueError", "Indicator", "Province", "Rule", "Severity", "load_catalogue"]
