"""The checks, one file per law; importing this room registers them in this order."""

from hub.contract.kit.checks import (  # noqa: I001  the order of the score
    shape as shape,
    deliveries as deliveries,
    forgeries as forgeries,
    junk as junk,
    accounts as accounts,
    duplicates as duplicates,
    credentials as credentials,
    vendor_faults as vendor_faults,
    renewal as renewal,
    subscriptions as subscriptions,
    paging as paging,
    enrichment as enrichment,
    echoes as echoes,
    write_back as write_back,
    workflows as workflows,
    questions as questions,
    audience as audience,
    carrying as carrying,
    quiet as quiet,
)
