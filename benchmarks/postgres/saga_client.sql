-- What each client of pgbench does again and again: the four transactions of a saga, one by one. It
-- hands each message on itself, which is faster than any process that polls the outbox.
\set number :number + 1
\set id :client_id * 1000000000 + :number
\set payer random(1, :accounts)
\set receiver random(1, :accounts - 1)
\set receiver CASE WHEN :receiver >= :payer THEN :receiver + 1 ELSE :receiver END
\set cents random(1, :amount_max)
SELECT create_transfer(:id, :payer, :receiver, :cents);
SELECT deposit(:id, :receiver, :cents);
SELECT withdraw(:id, :payer, :cents);
SELECT finish(:id, :receiver, :cents);
