INSERT INTO kept_quote (id, application_id, kind, content, cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY p.id, q.kind DESC), p.id, q.kind, q.content, p.cooperative_id
FROM bench.plan p
JOIN bench.sample s ON s.k = p.id % s.of_all
JOIN LATERAL (VALUES ('sent', s.sent, p.is_sent), ('approved', s.approved, p.state = 'approved')) AS q (kind, content, is_kept)
  ON q.is_kept;
