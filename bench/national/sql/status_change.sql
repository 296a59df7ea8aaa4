INSERT INTO status_change (id, application_id, move, origin, target, reason, at, actor_id, actor_role, cooperative_id)
SELECT 10000 + row_number() OVER (ORDER BY moved_at, id, step), id, move, origin, target,
       CASE WHEN move IN ('return', 'reject', 'withdraw', 'recommend') THEN 'เห็นควรดำเนินการตามที่เสนอ' END, moved_at,
       CASE WHEN role LIKE 'cooperative%' THEN preparer_id END, role, cooperative_id
FROM bench.moved;
