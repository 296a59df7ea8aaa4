INSERT INTO outbox_mail (
  id, application_id, recipient, subject, body, message_id, status, tries, created_at, waiting_since, next_try_at, sent_at,
  cooperative_id)
SELECT 1000 + row_number() OVER (ORDER BY at, id), id, 'coop' || cooperative_id || '@example.or.th',
       'คำขอกู้เงินเลขที่ คก.' || lpad(number::text, greatest(4, length(number::text)), '0') || '/' || fy || ': แจ้งความคืบหน้า',
       repeat('เรียน สหกรณ์ แจ้งความคืบหน้าของคำขอ ', 8), '<' || md5('mail' || id) || '@labourfund.example>',
       CASE WHEN id % 5000 = 0 THEN 'failed' ELSE 'sent' END, 1, at, at, at,
       CASE WHEN id % 5000 <> 0 THEN at + interval '1 minute' END, cooperative_id
FROM bench.plan WHERE is_sent;
