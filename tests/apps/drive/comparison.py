"""Compares a store that `skald drive bank` has driven with the reference computation."""


def require(holds, what):
    if not holds:
        raise AssertionError(what)


def differences(expected, found, what):
    """Requires that two dictionaries are equal; names the first entries that are not."""
    wrong = [f"{key}: expected {expected.get(key, 'none')}, found {found.get(key, 'none')}"
             for key in sorted(expected.keys() | found.keys())
             if expected.get(key) != found.get(key)]
    require(not wrong, f"{len(wrong)} {what} differ, the first:\n  " + "\n  ".join(wrong[:10]))


def check_report(report, expected):
    """The report of a run that has come to its end."""
    require(report["transfers"] == len(expected.status), f"transfers: {report}")
    require(report["completed"] == expected.count("completed"), f"completed: {report}")
    require(report["failed"] == expected.count("cancelled"), f"failed: {report}")
    require(report["sum_before"] == expected.opened, f"sum_before: {report}")
    require(report["sum_after"] == expected.opened, f"sum_after: {report}")
    require(report["open_sagas"] == 0, f"open_sagas: {report}")


def statuses(skald):
    """The status of each transfer of the store. Each stands in the list once."""
    listed = skald.list("transfer")
    found = {each["id"]: each["state"]["status"] for each in listed}
    require(len(found) == len(listed), "a transfer is listed twice")
    return found


def check_store(skald, expected):
    """Every transfer's outcome and every account's balance, and that nothing is left over."""
    differences(expected.status, statuses(skald), "outcomes")
    accounts = skald.list("account")
    differences(expected.balances, {each["id"]: each["state"]["balance"] for each in accounts},
                "balances")
    unsettled = [each["id"] for each in accounts
                 if each["in_saga"] or each["state"]["pending"] or each["state"]["outgoing"]]
    require(not unsettled, f"accounts with something under way: {unsettled[:10]}")
    verdict = skald.json("verify")
    require(verdict["ok"] and not verdict["damage"], f"verify: {str(verdict)[:2000]}")
