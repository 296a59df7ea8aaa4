INSERT INTO loan_application (
  id, number, request_key, cooperative_name, programme_id, amount_asked, amount_sent, months, purpose, beneficiaries,
  member_rate, status, created_at, changed_at, created_by_id, submitted_at, waiting_since, edition_id, first_time,
  amount_approved, decided_on, decided_fiscal_year, cooperative_id, office_id, province_id, search_text, name_sort,
  version)
SELECT id, number_text, md5('request' || id)::uuid::text, cooperative_name, programme_id, asked,
       CASE WHEN is_sent THEN asked END, months, purpose, 20 + id % 400, 0.05, state, at - interval '2 days', changed_at,
       preparer_id, CASE WHEN is_sent THEN at END, CASE WHEN is_waiting THEN at END,
       CASE WHEN is_sent THEN edition_id END, CASE WHEN is_sent THEN false END,
       CASE WHEN state = 'approved' THEN bench.granted(asked, is_cut) END, decided_on,
       extract(year FROM decided_on)::int + 543 + (extract(month FROM decided_on) >= 10)::int,
       cooperative_id, office_id, (SELECT province_id FROM cooperative c WHERE c.id = a.cooperative_id),
       lower(concat_ws(' ', number_text, purpose, cooperative_name)),
       coalesce(replace(replace(number_text, '.', ''), '/', ''), ''), 1 + steps
FROM (SELECT *, 'คก.' || lpad(number::text, greatest(4, length(number::text)), '0') || '/' || fy AS number_text,
             CASE WHEN state IN ('approved', 'rejected') THEN (changed_at AT TIME ZONE 'Asia/Bangkok')::date END AS decided_on,
             (ARRAY['ให้สมาชิกกู้เพื่อใช้จ่ายที่จำเป็น ปลดเปลื้องหนี้สิน และพัฒนาคุณภาพชีวิต',
                    'ให้สมาชิกกู้เพื่อปลดเปลื้องหนี้นอกระบบ', 'เสริมสภาพคล่องของสหกรณ์',
                    'ให้สมาชิกกู้เพื่อการศึกษาของบุตร', 'ให้สมาชิกกู้เพื่อซ่อมแซมบ้านเรือนที่ประสบภัย',
                    'ให้สมาชิกลงทุนประกอบอาชีพเสริม'])[1 + id % 6] AS purpose
      FROM bench.plan) a;
