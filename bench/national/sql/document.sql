INSERT INTO document (
  id, public_id, application_id, document_type_id, file_name, kind, size, sha256, storage_key, uploaded_at,
  uploaded_by_id, cooperative_id, pages, scan_state)
SELECT 100000 + row_number() OVER (ORDER BY a.id, j), md5('paper' || a.id || '-' || j), a.id,
       types[1 + (j - 1) % cardinality(types)], 'เอกสาร ฉบับที่ ' || j || '.pdf', 'pdf',
       30000 + (a.id::bigint * 7919 + j * 104729) % 1900000, encode(sha256((a.id || '-' || j)::bytea), 'hex'),
       substr(stored, 1, 2) || '/' || substr(stored, 3, 2) || '/' || stored,
       at - interval '1 day', preparer_id, cooperative_id, 1 + j % 9, 'not_scanned'
FROM bench.plan a,
     generate_series(1, CASE WHEN age < 150 THEN 8 WHEN id % 100 < 76 THEN 3 ELSE 2 END) AS j,
     LATERAL (SELECT md5('file' || a.id || '-' || j) AS stored) AS s;
