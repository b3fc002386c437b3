"""Makes lists of orders such as a shop exports."""

import collections
import random

# Most orders succeed.
STATUSES = ["delivered"] * 12 + ["shipped", "invoiced", "processing", "approved", "canceled",
                                 "unavailable"]


def generate_orders(path, count, seed):
    """Writes a list of `count` orders to `path`. Returns the status of each."""
    luck = random.Random(seed)
    statuses = [luck.choice(STATUSES) for _ in range(count)]
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write('"order_id","customer","order_status","order_purchase_timestamp"\r\n')
        for number, status in enumerate(statuses):
            out.write(f'"{number:08x}","Doe, ""Jo"" {number}",{status},"2018-01-01 12:00:00"\r\n')
    return statuses


def fates(statuses):
    """How many orders are to end in which way, if nobody misbehaves."""
    by_status = collections.Counter(statuses)
    failing = by_status["canceled"] + by_status["unavailable"]
    return {"completed": len(statuses) - failing, "compensated": failing}
