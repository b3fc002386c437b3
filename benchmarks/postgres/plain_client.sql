-- What each client of pgbench does again and again: a plain transfer.
\set number :number + 1
\set id :client_id * 1000000000 + :number
\set payer random(1, :accounts)
\set receiver random(1, :accounts - 1)
\set receiver CASE WHEN :receiver >= :payer THEN :receiver + 1 ELSE :receiver END
\set cents random(1, :amount_max)
SELECT transfer(:id, :payer, :receiver, :cents);
