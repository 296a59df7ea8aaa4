INSERT INTO audit_event (
  id, at, actor_id, actor_role, address, kind, entity, entity_id, cooperative_id, summary, before, after)
SELECT 100000 + row_number() OVER (ORDER BY at, entity, entity_id, kind), at, actor_id, role, '10.0.0.1', kind, entity,
       entity_id, cooperative_id, summary, before, after
FROM (SELECT moved_at AS at, CASE WHEN role LIKE 'cooperative%' THEN preparer_id END AS actor_id, role, 'moved' AS kind,
             'loan_application' AS entity, id AS entity_id, cooperative_id,
             concat_ws(' ', 'คก.' || lpad(number::text, greatest(4, length(number::text)), '0') || '/' || fy, move) AS summary,
             json_build_object('status', origin) AS before, json_build_object('status', target) AS after
      FROM bench.moved WHERE fy >= 2567
      UNION ALL
      SELECT d.uploaded_at, d.uploaded_by_id, 'cooperative_preparer', 'attached', 'document', d.id, d.cooperative_id,
             d.file_name, NULL, json_build_object('file_name', d.file_name, 'size', d.size)
      FROM document d JOIN bench.plan a ON a.id = d.application_id WHERE a.fy >= 2569
      UNION ALL
      SELECT at - interval '1 hour', preparer_id, 'cooperative_preparer', 'signed_in', 'ab_user', preparer_id, NULL,
             'user' || preparer_id, NULL, NULL
      FROM bench.plan WHERE preparer_id IS NOT NULL AND id % 4 = 0 AND fy >= 2567
      UNION ALL
      SELECT (SELECT until FROM bench.wanted) - interval '1 year', NULL, 'administrator', 'created', 'cooperative', id,
             id, name, NULL, json_build_object('name', name)
      FROM cooperative WHERE id > 1000) AS events;
