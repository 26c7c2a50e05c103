"""The facts of the star: what was read, what is thought of it, what follows for the whole cluster."""

from __future__ import annotations

from sqlalchemy import Table

from warehouse.schema import DAY, FIGURE, FLAG, MOMENT, RATIO, TEXT, WHOLE, key, metadata, optional, required

fact_observation = Table(
    "fact_observation",
    metadata,
    required("reading_key", WHOLE, "Khóa của lần đọc."),
    required("position", WHOLE, "Thứ tự trong lần đọc, đếm từ 0."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu lúc đọc."),
    optional("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ; trống là tệp không cho biết đơn vị."),
    optional("period_key", WHOLE, "Khóa của kỳ báo cáo; trống là tệp không cho biết kỳ."),
    required(
        "state",
        TEXT,
        "Trạng thái đọc được: number có số, blank để trống, none_arising không phát sinh, "
        "not_yet_available chưa có số liệu, unreadable không đọc được.",
    ),
    optional("value", FIGURE, "Giá trị theo đơn vị của chỉ tiêu; trống khi không có số (không có nghĩa là 0)."),
    required("is_estimated", FLAG, "Đúng nếu là số ước."),
    optional("raw_text", TEXT, "Nguyên văn trong ô; trống là ô không có gì."),
    optional("sheet", TEXT, "Tên trang tính; trống là không có ô nào."),
    optional("cell", TEXT, "Địa chỉ ô dạng A1; trống là không có ô nào."),
    optional("note", TEXT, "Ghi chú của người lập biểu; trống là không ghi."),
    optional("previous_value", FIGURE, "Số cùng kỳ năm trước mà biểu nhắc lại; trống là biểu không nhắc."),
    optional("previous_text", TEXT, "Nguyên văn số cùng kỳ năm trước; trống là biểu không nhắc."),
    optional("previous_cell", TEXT, "Ô ghi số cùng kỳ năm trước, cùng trang tính; trống là biểu không nhắc."),
    comment="Mỗi dòng là điều một lần đọc cho biết về một chỉ tiêu của một đơn vị trong một kỳ; không chứa nhận định.",
)

fact_reading_problem = Table(
    "fact_reading_problem",
    metadata,
    required("reading_key", WHOLE, "Khóa của lần đọc."),
    required("position", WHOLE, "Thứ tự trong lần đọc, đếm từ 0."),
    required("rule_code", TEXT, "Mã quy tắc gọi tên vướng mắc."),
    optional("indicator_code", TEXT, "Mã chỉ tiêu liên quan; trống là không gắn với chỉ tiêu nào."),
    optional("sheet", TEXT, "Tên trang tính; trống là cả tệp."),
    optional("cell", TEXT, "Địa chỉ ô dạng A1; trống là không gắn với ô nào."),
    optional("observed", TEXT, "Điều đọc được; trống là không có."),
    optional("expected", TEXT, "Điều lẽ ra phải có; trống là không có."),
    optional("detail", TEXT, "Giải thích thêm; trống là không có."),
    comment="Mỗi dòng là một vướng mắc gặp phải khi đọc một tệp, chưa phải nhận định.",
)

bridge_assessment_submission = Table(
    "bridge_assessment_submission",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("submission_key", WHOLE, "Khóa của lần gửi được xét."),
    optional("reading_key", WHOLE, "Khóa của lần đọc được dùng; trống là tệp bị loại khi chưa đọc được."),
    required("verdict", TEXT, "Kết luận: accepted nhận, accepted_with_findings nhận và có phát hiện, rejected loại."),
    required("is_current", FLAG, "Đúng nếu là báo cáo hiện hành của đơn vị trong lần đánh giá này."),
    optional("is_taken", FLAG, "Đúng nếu được lấy làm báo cáo, kể cả khi có bản sau thay; trống là chưa ghi."),
    comment="Mỗi dòng là kết luận về một tệp trong một lần đánh giá.",
)

bridge_assessment_member = Table(
    "bridge_assessment_member",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("period_code", TEXT, "Mã kỳ được đánh giá."),
    required("same_half_next_year", TEXT, "Mã cùng kỳ năm sau."),
    required("half_after", TEXT, "Mã kỳ liền sau."),
    required("half", TEXT, "Nửa năm: H1 hoặc H2."),
    required("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ."),
    required("province_id", TEXT, "Định danh lâu dài của đơn vị."),
    optional("extent_since", DAY, "Ngày đơn vị có địa giới như ở cuối kỳ; trống là chưa sáp nhập lần nào."),
    required(
        "members_digest",
        TEXT,
        "Dấu vân tay của các đơn vị được hỏi và địa giới của chúng; hai kỳ có dấu khác nhau thì không so thứ hạng.",
    ),
    optional("submission_key", WHOLE, "Khóa của lần gửi hiện hành; trống là chưa gửi."),
    optional("reading_key", WHOLE, "Khóa của lần đọc được dùng; trống là chưa gửi."),
    optional("verdict", TEXT, "Kết luận về tệp hiện hành; trống là chưa gửi."),
    optional("source", TEXT, "Nguồn số liệu của tệp hiện hành; trống là chưa gửi."),
    comment="Mỗi dòng là một đơn vị thành viên được hỏi trong một lần đánh giá, kèm báo cáo hiện hành của nó nếu có. "
    "Lập lại từ các bảng khác mỗi khi danh mục đổi.",
)

bridge_assessment_part = Table(
    "bridge_assessment_part",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá, hiện hành của kỳ."),
    required("period_code", TEXT, "Mã kỳ được đánh giá."),
    required("ends_on", DAY, "Ngày cuối kỳ, cũng là ngày của bản đồ khi không nêu ngày nào."),
    required("drawn_from", DAY, "Ngày đầu của khoảng thời gian mà bản đồ này có hiệu lực."),
    optional("drawn_to", DAY, "Ngày bản đồ hết hiệu lực (không kể ngày này); trống là chưa hết."),
    required("drawn_id", TEXT, "Định danh tỉnh trên bản đồ có chung địa phận với đơn vị."),
    required("province_id", TEXT, "Định danh lâu dài của đơn vị."),
    required("is_redrawn", FLAG, "Đúng khi hai địa giới khác nhau."),
    optional("reading_key", WHOLE, "Khóa của lần đọc được dùng; trống là chưa gửi."),
    optional("source", TEXT, "Nguồn số liệu của tệp hiện hành; trống là chưa gửi."),
    comment="Mỗi dòng là một đơn vị được hỏi trong lần đánh giá hiện hành của một kỳ, đặt lên từng bản đồ. "
    "Lập lại từ bridge_assessment_member và bridge_period_boundary mỗi khi danh mục đổi.",
)

fact_finding = Table(
    "fact_finding",
    metadata,
    key("finding_key", "Khóa của phát hiện."),
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("position", WHOLE, "Thứ tự trong lần đánh giá, đếm từ 0."),
    required("rule_key", WHOLE, "Khóa của phiên bản quy tắc."),
    required("severity", TEXT, "Mức độ: critical là sai chắc, warning là nghi sai, info là để biết."),
    optional("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ; trống là việc chung của Cụm."),
    optional("submission_key", WHOLE, "Khóa của lần gửi liên quan; trống là không gắn với tệp đã ghi nhận nào."),
    optional("indicator_code", TEXT, "Mã chỉ tiêu liên quan; trống là không gắn với chỉ tiêu nào."),
    optional("file_name", TEXT, "Tên tệp liên quan; trống là không có."),
    optional("sheet", TEXT, "Tên trang tính; trống là không có."),
    optional("cell", TEXT, "Địa chỉ ô dạng A1; trống là không có."),
    optional("observed", TEXT, "Điều đọc được; trống là không có."),
    optional("expected", TEXT, "Điều lẽ ra phải có; trống là không có."),
    required("message", TEXT, "Câu thông báo cho người đọc."),
    optional("advice", TEXT, "Hướng dẫn xử lý; trống là không có."),
    optional("finding_id", TEXT, "Định danh của phát hiện qua các lần gửi; trống là ghi trước khi có định danh."),
    optional("figure_hash", TEXT, "Dấu vân tay của các số; đổi thì giải trình hết hiệu lực; trống như trên."),
    optional("status", TEXT, "open còn mở, explained giải trình được chấp nhận, waived được miễn; trống là open."),
    optional("explanation", TEXT, "Lời giải trình của đơn vị, hoặc lý do miễn; trống là chưa có."),
    optional("suspect_indicator", TEXT, "Mã chỉ tiêu nhiều khả năng bị ghi sai; trống là không rõ."),
    optional("suspect_sheet", TEXT, "Trang tính của ô nhiều khả năng bị ghi sai; trống là không rõ."),
    optional("suspect_cell", TEXT, "Ô nhiều khả năng bị ghi sai, dạng A1; trống là không rõ."),
    optional("slip", TEXT, "Mã kiểu nhầm lẫn nhiều khả năng; trống là không rõ."),
    optional("proposed", TEXT, "Giá trị đề xuất, viết như đơn vị sẽ viết; trống là không có."),
    optional("alike", TEXT, "Các ô khác có cùng vướng mắc, cách nhau dấu phẩy; trống là không có."),
    optional("impact", TEXT, "Phát hiện làm thay đổi điều gì của Cụm; trống là không có."),
    optional("impact_weight", FIGURE, "Mức thay đổi để xếp thứ tự, lớn hơn là quan trọng hơn; trống là không tính."),
    optional("explained_at", MOMENT, "Lúc nhận lần đầu lời giải trình ấy; trống là không có lời nào của đơn vị."),
    comment="Mỗi dòng là một quy tắc không được thỏa mãn với một đối tượng trong một lần đánh giá.",
)

bridge_finding_disputed = Table(
    "bridge_finding_disputed",
    metadata,
    required("finding_key", WHOLE, "Khóa của phát hiện."),
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    optional("province_key", WHOLE, "Khóa của phiên bản đơn vị có số liệu nghi vấn; trống là việc chung của Cụm."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu bị nghi vấn."),
    comment="Mỗi dòng là một chỉ tiêu của một đơn vị bị một phát hiện đặt vào diện nghi vấn.",
)

fact_derived = Table(
    "fact_derived",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu."),
    required("value", FIGURE, "Giá trị hệ thống tính từ các số khác của chính đơn vị."),
    comment="Mỗi dòng là một số liệu được tính thay vì được báo cáo, trong một lần đánh giá.",
)

mart_cluster_total = Table(
    "mart_cluster_total",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("position", WHOLE, "Thứ tự trong lần đánh giá, đếm từ 0."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu."),
    optional("value", FIGURE, "Giá trị toàn Cụm; trống là không tính được (không có nghĩa là 0)."),
    required("value_source", TEXT, "Nguồn: sum cộng các tỉnh, rebuilt tính lại từ tử và mẫu, announced số công bố."),
    required("provinces_reporting", WHOLE, "Số tỉnh có báo cáo chỉ tiêu, kể cả không phát sinh."),
    required("provinces_expected", WHOLE, "Số tỉnh phải báo cáo."),
    required("disputed_count", WHOLE, "Số tỉnh có số liệu nghi vấn."),
    optional("value_without_disputed", FIGURE, "Giá trị khi bỏ các số liệu nghi vấn; trống là không tính được."),
    optional("control_value", FIGURE, "Số cụm trưởng công bố; trống là không công bố."),
    optional("control_sheet", TEXT, "Trang tính ghi số công bố; trống là không có."),
    optional("control_cell", TEXT, "Ô ghi số công bố, dạng A1; trống là không có."),
    optional("control_submission_key", WHOLE, "Khóa của lần gửi có số công bố; trống là không có."),
    optional("is_estimated", FLAG, "Đúng nếu trong giá trị có số ước; trống là ghi trước khi có cột."),
    optional("source_mix", TEXT, "Nguồn của các số được cộng hoặc công bố, như ở cluster_totals; trống là không có."),
    comment="Mỗi dòng là một chỉ tiêu tính cho toàn Cụm trong một lần đánh giá.",
)

fact_revision = Table(
    "fact_revision",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("position", WHOLE, "Thứ tự trong lần đánh giá, đếm từ 0."),
    required("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu."),
    required("earlier_period", TEXT, "Kỳ của số liệu được nhắc lại."),
    required("value_then", FIGURE, "Giá trị đơn vị đã báo cáo khi đó."),
    required("value_now", FIGURE, "Giá trị biểu của kỳ sau nhắc lại."),
    required("submission_key", WHOLE, "Khóa của lần gửi nhắc lại."),
    optional("sheet", TEXT, "Trang tính; trống là không có."),
    optional("cell", TEXT, "Ô ghi số nhắc lại, dạng A1; trống là không có."),
    optional("raw_text", TEXT, "Nguyên văn trong ô; trống là không có."),
    comment="Mỗi dòng là một số liệu của kỳ trước được biểu của kỳ sau nhắc lại khác với số đã báo cáo khi đó.",
)

fact_check = Table(
    "fact_check",
    metadata,
    required("assessment_key", WHOLE, "Khóa của lần đánh giá."),
    required("rule_key", WHOLE, "Khóa của phiên bản quy tắc."),
    optional("province_key", WHOLE, "Khóa của phiên bản đơn vị ở cuối kỳ; trống là xét chung cả Cụm."),
    required("indicator_key", WHOLE, "Khóa của phiên bản chỉ tiêu được xét."),
    optional("figure", FIGURE, "Số được xét; trống là không có số."),
    optional("measured", RATIO, "Số đo của quy tắc, ví dụ tổng trừ các phần; trống là quy tắc chỉ xét có hay không."),
    optional("low", RATIO, "Số đo nhỏ nhất được phép; trống là không giới hạn."),
    optional("high", RATIO, "Số đo lớn nhất được phép; trống là không giới hạn."),
    optional("reference", FIGURE, "Số đem so, theo đơn vị của chỉ tiêu; trống là không so với số nào."),
    required("is_held", FLAG, "Đúng nếu quy tắc được thỏa mãn."),
    comment="Mỗi dòng là một lần áp một quy tắc vào một số của một đơn vị trong một lần đánh giá, đạt hay không đạt.",
)
