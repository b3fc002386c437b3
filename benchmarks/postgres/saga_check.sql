-- What must hold besides for sagas, once none is under way.
SELECT json_build_object(
  'outbox', (SELECT count(*) FROM outbox),
  'handled', (SELECT count(*) FROM handled));
