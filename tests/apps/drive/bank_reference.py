"""What `skald drive bank` has to come to, computed from the two files alone, payment by payment."""

import csv
import random
from decimal import Decimal


def minor_units(amount):
    """The exact count of minor units of an amount such as 2452.00."""
    scaled = Decimal(amount) * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals")
    return int(scaled)


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


class Outcomes:
    """The outcome of each transfer by its id, and the balance of each account at the end."""

    def __init__(self, account_file, order_file, months, opening_balance):
        opening = minor_units(opening_balance)
        accounts = [row["account_id"] for row in read_table(account_file)]
        self.balances = dict.fromkeys(accounts, opening)
        self.opened = opening * len(accounts)
        self.payer_of = {}
        self.status = {}
        orders_of = {}
        for row in read_table(order_file):
            receiver = f"{row['bank_to']}:{row['account_to']}"
            self.balances.setdefault(receiver, 0)
            order = (int(row["order_id"]), receiver, minor_units(row["amount"]))
            orders_of.setdefault(row["account_id"], []).append(order)
        for payer, orders in orders_of.items():
            for month in range(1, months + 1):
                for order_id, receiver, amount in sorted(orders):
                    self._pay(f"{order_id}-{month}", payer, receiver, amount)

    def _pay(self, transfer, payer, receiver, amount):
        self.payer_of[transfer] = payer
        if self.balances[payer] < amount:
            self.status[transfer] = "cancelled"
            return
        self.balances[payer] -= amount
        self.balances[receiver] += amount
        self.status[transfer] = "completed"

    def count(self, status):
        return sum(each == status for each in self.status.values())


def generate_bank(account_file, order_file, accounts, orders, seed):
    """Writes a bank in the format of the real files. Payments are high enough that many fail."""
    chance = random.Random(seed)
    with open(account_file, "w", newline="", encoding="utf-8") as file:
        file.write('"account_id";"district_id";"frequency";"date"\r\n')
        for account in chance.sample(range(1, 10 * accounts), accounts):
            file.write(f'{account};{chance.randint(1, 77)};"POPLATEK MESICNE";930101\r\n')
    known = [row["account_id"] for row in read_table(account_file)]
    with open(order_file, "w", newline="", encoding="utf-8") as file:
        file.write('"order_id";"account_id";"bank_to";"account_to";"amount";"k_symbol"\r\n')
        for order in chance.sample(range(29401, 29401 + 10 * orders), orders):
            bank = chance.choice(["YZ", "ST", "QR", "WX", "CD", "AB"])
            # Few receivers, so that many payers pay to the same one at the same time.
            receiver = 10_000_000 + chance.randrange(max(orders // 4, 1))
            amount = f"{chance.randint(0, 9_000)}.{chance.randint(1, 99):02}"
            purpose = chance.choice(["SIPO", "UVER", "POJISTNE", "LEASING", " "])
            payer = chance.choice(known)
            file.write(f'{order};{payer};"{bank}";"{receiver}";{amount};"{purpose}"\r\n')
