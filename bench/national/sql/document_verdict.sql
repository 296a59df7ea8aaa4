INSERT INTO document_verdict (id, cooperative_id, application_id, document_id, verdict, at)
SELECT 1000 + row_number() OVER (ORDER BY d.id), d.cooperative_id, d.application_id, d.id,
       CASE WHEN d.id % 40 = 0 THEN 'unreadable' ELSE 'accepted' END, d.uploaded_at + interval '26 days'
FROM document d JOIN bench.plan a ON a.id = d.application_id WHERE a.steps >= 3 AND a.is_sent AND a.age < 800;
