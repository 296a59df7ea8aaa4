INSERT INTO document_request (id, application_id, document_type_id, asked_at, answered_at, cooperative_id, note)
SELECT 1000 + row_number() OVER (ORDER BY id), id, types[1], least(at + interval '36 days', until),
       CASE WHEN state = 'rejected' THEN least(at + interval '48 days', until) END, cooperative_id, 'โปรดแนบฉบับล่าสุด'
FROM bench.plan WHERE state IN ('returned', 'rejected') AND (fy >= 2568 OR id % 5 = 0);
