"""The checks, one file per law; importing this room registers them in this order."""

from hub.contract.kit.checks import (  # noqa: I001  the order of the score
    shape as shape,
    deliveries as deliveries,
    forgeries as forgeries,
    junk as junk,
    duplicates as duplicates,
    credentials as credentials,
    vendor_faults as vendor_faults,
    subscriptions as subscriptions,
    paging as paging,
    write_back as write_back,
    carrying as carrying,
    quiet as quiet,
)
