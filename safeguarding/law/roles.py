"""
The roles that people of a partnership hold: who takes steps, owes duties and hears of them.
"""

from __future__ import annotations

ROLES: dict[str, str] = {
    "business_manager": "partnership business manager",
    "business_unit": "partnership business unit",
    "delegated_partner": "delegated safeguarding partner",
    "deputy_partner": "deputy of a delegated safeguarding partner",
    "lead_partner": "lead safeguarding partner",
    "independent_chair": "independent chair or scrutineer",
    "review_panel_chair": "chair of the review panel",
    "lead_reviewer": "lead reviewer",
    "agency_lead": "agency safeguarding lead",
    "agency_director": "agency director",
    "family_liaison": "family liaison lead",
    "learning_group": "learning and development group",
    "local_authority_dcs": "director of children's services",
    "sar_group_chair": "chair of the safeguarding adults review group",
}
"""Every role of the system with its name on a screen."""

ONE_TRACK: dict[str, str] = {"sar_group_chair": "adults", "local_authority_dcs": "children"}
"""Roles that a partnership of the other track alone does not have."""

NAMED_BY_THE_LAW: dict[str, str] = {
    "safeguarding_partners": "the safeguarding partners",
    "safeguarding_adults_board": "the safeguarding adults board",
    "parents": "the child's parents",
    "parental_responsibility": "every person who is not a parent but has parental responsibility",
    "the_adult": "the adult, whom the advocate represents and supports",
    "coroner": "the coroner who made the report",
}
"""To whom an Act or regulations say that something is owed, beside roles and a partnership's own recipients."""
