"""The dimensions of the star: what is asked, of whom, when; which files came and how they were judged."""

from __future__ import annotations

from sqlalchemy import Table

from warehouse.schema import DAY, FIGURE, FLAG, MOMENT, TEXT, WHOLE, key, metadata, optional, required

dim_catalogue = Table(
    "dim_catalogue",
    metadata,
    key("catalogue_key", "Khóa của lần nạp danh mục; lớn hơn là mới hơn."),
    required("catalogue_hash", TEXT, "Mã băm nội dung danh mục."),
    required("is_current", FLAG, "Đúng với danh mục được nạp gần nhất."),
    comment="Mỗi dòng là một nội dung danh mục chỉ tiêu đã từng được nạp vào kho.",
)

dim_unit = Table(
    "dim_unit",
    metadata,
    key("unit_key", "Khóa của đơn vị tính."),
    required("unit_code", TEXT, "Mã đơn vị tính."),
    required("name", TEXT, "Tên đơn vị tính."),
    required("quantity", TEXT, "Đại lượng gốc mà đơn vị này đo."),
    required("factor", FIGURE, "Số đơn vị gốc có trong một đơn vị này."),
    comment="Mỗi dòng là một đơn vị tính.",
)

dim_province = Table(
    "dim_province",
    metadata,
    key("province_key", "Khóa của phiên bản đơn vị báo cáo."),
    required("province_id", TEXT, "Định danh lâu dài của đơn vị báo cáo, không đổi khi mã hoặc địa giới đổi."),
    optional("province_code", TEXT, "Mã tỉnh hai chữ số theo danh mục hành chính; trống với toàn Cụm."),
    required("name", TEXT, "Tên ngắn."),
    required("full_name", TEXT, "Tên đầy đủ."),
    required("kind", TEXT, "Loại đơn vị: province là tỉnh, cluster là toàn Cụm."),
    required("valid_from", DAY, "Ngày phiên bản bắt đầu có hiệu lực."),
    optional("valid_to", DAY, "Ngày phiên bản hết hiệu lực (không kể ngày này); trống là còn hiệu lực."),
    comment="Mỗi dòng là một phiên bản của một đơn vị báo cáo, hiệu lực trong nửa khoảng [valid_from, valid_to).",
)

dim_period = Table(
    "dim_period",
    metadata,
    key("period_key", "Khóa của kỳ báo cáo."),
    required("period_code", TEXT, "Mã kỳ, ví dụ 2021H1 là 6 tháng đầu năm 2021."),
    required("name", TEXT, "Tên kỳ."),
    required("starts_on", DAY, "Ngày đầu của kỳ số liệu thống kê."),
    required("ends_on", DAY, "Ngày cuối của kỳ số liệu thống kê."),
    required("admin_starts_on", DAY, "Ngày đầu của kỳ số liệu báo cáo hành chính."),
    required("admin_ends_on", DAY, "Ngày cuối của kỳ số liệu báo cáo hành chính."),
    required("due_on", DAY, "Hạn gửi báo cáo."),
    required("meets_on", DAY, "Ngày họp Cụm."),
    required("is_assumed", FLAG, "Đúng nếu các ngày thu, hạn, chốt và họp là giả định, chưa có văn bản."),
    optional("opens_on", DAY, "Ngày bắt đầu thu báo cáo; trống là kho chưa nạp lịch mới."),
    optional("closes_on", DAY, "Ngày bắt đầu xin ý kiến chốt số liệu; trống là kho chưa nạp lịch mới."),
    comment="Mỗi dòng là một kỳ báo cáo nửa năm với hai khoảng lấy số liệu.",
)

bridge_membership = Table(
    "bridge_membership",
    metadata,
    required("province_id", TEXT, "Định danh đơn vị báo cáo."),
    required("role", TEXT, "Vai trò: member là thành viên, chair là cụm trưởng."),
    required("valid_from", TEXT, "Kỳ đầu tiên giữ vai trò."),
    optional("valid_to", TEXT, "Kỳ cuối cùng giữ vai trò; trống là chưa kết thúc."),
    required("is_assumed", FLAG, "Đúng nếu là giả định, chưa có văn bản."),
    required("source", TEXT, "Căn cứ."),
    comment="Mỗi dòng là một vai trò của một đơn vị trong Cụm trong một khoảng kỳ báo cáo.",
)

dim_indicator = Table(
    "dim_indicator",
    metadata,
    key("indicator_key", "Khóa của phiên bản chỉ tiêu."),
    required("indicator_code", TEXT, "Mã chỉ tiêu."),
    required("section_code", TEXT, "Mã phần của biểu (A đến H)."),
    required("section_name", TEXT, "Tên phần của biểu."),
    required("position", WHOLE, "Thứ tự trong phần."),
    required("label", TEXT, "Tên đầy đủ của chỉ tiêu trên biểu."),
    required("heading", TEXT, "Tên ngắn dùng làm tiêu đề cột."),
    required("unit_code", TEXT, "Mã đơn vị tính."),
    required("unit_name", TEXT, "Tên đơn vị tính."),
    required("time_kind", TEXT, "Tính chất theo thời gian (thời điểm, thời kỳ, tốc độ tăng…)."),
    required("aggregation", TEXT, "Cách gộp toàn Cụm: sum cộng, rebuild tính lại từ tử và mẫu, none không gộp."),
    required("decimals", WHOLE, "Số chữ số thập phân khi trình bày."),
    required("is_whole", FLAG, "Đúng nếu giá trị phải là số nguyên."),
    optional("low", FIGURE, "Giá trị nhỏ nhất hợp lệ; trống là không giới hạn."),
    optional("high", FIGURE, "Giá trị lớn nhất hợp lệ; trống là không giới hạn."),
    required("is_required", FLAG, "Đúng nếu tỉnh phải báo cáo; để trống thì bị tính là thiếu."),
    required("is_announced", FLAG, "Đúng nếu Cụm công bố con số chung."),
    optional("accompanies", TEXT, "Mã chỉ tiêu mà chỉ tiêu này đi kèm; trống là đứng độc lập."),
    optional("growth_of", TEXT, "Mã chỉ tiêu mà chỉ tiêu này là mức tăng, giảm; trống là không phải mức tăng, giảm."),
    optional("fraction_of", TEXT, "Mã chỉ tiêu là mẫu số; trống là không có."),
    optional("table_code", TEXT, "Mã bảng tổng hợp có chỉ tiêu này; trống là không lên bảng."),
    optional("footnote", TEXT, "Chú thích về định nghĩa; trống là không có."),
    required("valid_from", TEXT, "Kỳ đầu tiên hỏi chỉ tiêu."),
    optional("valid_to", TEXT, "Kỳ cuối cùng hỏi chỉ tiêu; trống là chưa kết thúc."),
    required("content_hash", TEXT, "Mã băm nội dung phiên bản; nội dung đổi thì thành phiên bản mới."),
    required("is_current", FLAG, "Đúng nếu là phiên bản trong danh mục được nạp gần nhất."),
    comment="Mỗi dòng là một phiên bản của một chỉ tiêu.",
)

dim_formula = Table(
    "dim_formula",
    metadata,
    required("indicator_code", TEXT, "Mã chỉ tiêu được tính."),
    required("formula", TEXT, "Công thức, viết bằng mã các chỉ tiêu."),
    required("decimals", WHOLE, "Số chữ số thập phân của kết quả."),
    optional("factor", FIGURE, "Hệ số nhân của tỷ số; trống là công thức không phải một tỷ số."),
    optional("numerator_code", TEXT, "Mã chỉ tiêu là tử số; trống là công thức không phải một tỷ số."),
    optional("denominator_code", TEXT, "Mã chỉ tiêu là mẫu số; trống là công thức không phải một tỷ số."),
    comment="Mỗi dòng là công thức của một chỉ tiêu tính được từ chỉ tiêu khác, theo danh mục được nạp gần nhất.",
)

dim_table = Table(
    "dim_table",
    metadata,
    required("table_code", TEXT, "Mã bảng tổng hợp."),
    required("position", WHOLE, "Thứ tự bảng."),
    required("title", TEXT, "Tên bảng."),
    required("layout", TEXT, "Dạng bảng: provinces mỗi dòng một tỉnh, indicators mỗi dòng một chỉ tiêu."),
    optional("sort_by", TEXT, "Mã chỉ tiêu dùng để xếp hạng; trống là bảng không xếp hạng."),
    optional(
        "direction",
        TEXT,
        "Chiều xếp hạng: descending lớn nhất đứng đầu, ascending nhỏ nhất đứng đầu; trống là bảng không xếp hạng.",
    ),
    comment="Mỗi dòng là một bảng tổng hợp của Cụm, theo danh mục được nạp gần nhất.",
)

bridge_merger = Table(
    "bridge_merger",
    metadata,
    required("predecessor_id", TEXT, "Định danh tỉnh trước khi sáp nhập."),
    required("successor_id", TEXT, "Định danh tỉnh sau khi sáp nhập; có thể là chính nó, trên địa giới mới."),
    required("merged_on", DAY, "Ngày sáp nhập có hiệu lực."),
    comment="Mỗi dòng là một tỉnh cũ nhập vào một tỉnh mới, theo danh mục được nạp gần nhất.",
)

bridge_boundary = Table(
    "bridge_boundary",
    metadata,
    required("reported_from", DAY, "Ngày đầu của khoảng thời gian mà tỉnh báo cáo có địa giới này."),
    optional("reported_to", DAY, "Ngày hết khoảng thời gian đó (không kể ngày này); trống là chưa hết."),
    required("drawn_from", DAY, "Ngày đầu của khoảng thời gian mà bản đồ này có hiệu lực."),
    optional("drawn_to", DAY, "Ngày bản đồ hết hiệu lực (không kể ngày này); trống là chưa hết."),
    required("province_id", TEXT, "Định danh tỉnh báo cáo."),
    required("province_name", TEXT, "Tên tỉnh báo cáo."),
    required("drawn_id", TEXT, "Định danh tỉnh trên bản đồ có chung địa phận với tỉnh báo cáo."),
    required("drawn_code", TEXT, "Mã tỉnh trên bản đồ."),
    required("drawn_name", TEXT, "Tên tỉnh trên bản đồ."),
    required(
        "relation",
        TEXT,
        "Quan hệ: same cùng một địa giới, part tỉnh báo cáo là một phần của tỉnh trên bản đồ, "
        "cut chỉ một phần của tỉnh báo cáo thuộc tỉnh trên bản đồ nên số liệu không chia lại được.",
    ),
    required("expected", WHOLE, "Số tỉnh báo cáo hợp thành tỉnh trên bản đồ."),
    comment="Mỗi dòng là một tỉnh báo cáo trong một khoảng thời gian, đặt lên bản đồ của một khoảng thời gian khác.",
)

bridge_period_boundary = Table(
    "bridge_period_boundary",
    metadata,
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required("ends_on", DAY, "Ngày cuối kỳ, cũng là ngày của bản đồ khi không nêu ngày nào."),
    required("drawn_from", DAY, "Ngày đầu của khoảng thời gian mà bản đồ này có hiệu lực."),
    optional("drawn_to", DAY, "Ngày bản đồ hết hiệu lực (không kể ngày này); trống là chưa hết."),
    required("drawn_id", TEXT, "Định danh tỉnh trên bản đồ có chung địa phận với tỉnh báo cáo."),
    required("drawn_code", TEXT, "Mã tỉnh trên bản đồ."),
    required("drawn_name", TEXT, "Tên tỉnh trên bản đồ."),
    required("province_id", TEXT, "Định danh tỉnh báo cáo."),
    required("province_name", TEXT, "Tên tỉnh báo cáo."),
    required("relation", TEXT, "Quan hệ như ở bridge_boundary: same, part, cut."),
    required("is_member", FLAG, "Đúng nếu tỉnh báo cáo là thành viên của Cụm trong kỳ."),
    comment="Mỗi dòng là một tỉnh báo cáo trong một kỳ, đặt lên bản đồ của một khoảng thời gian. "
    "Lập lại từ bridge_boundary mỗi khi danh mục đổi.",
)

bridge_period_drawing = Table(
    "bridge_period_drawing",
    metadata,
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required("ends_on", DAY, "Ngày cuối kỳ, cũng là ngày của bản đồ khi không nêu ngày nào."),
    required("drawn_from", DAY, "Ngày đầu của khoảng thời gian mà bản đồ này có hiệu lực."),
    optional("drawn_to", DAY, "Ngày bản đồ hết hiệu lực (không kể ngày này); trống là chưa hết."),
    required("drawn_id", TEXT, "Định danh tỉnh trên bản đồ."),
    required("drawn_code", TEXT, "Mã tỉnh trên bản đồ."),
    required("drawn_name", TEXT, "Tên tỉnh trên bản đồ."),
    required("is_redrawn", FLAG, "Đúng nếu địa giới trên bản đồ khác địa giới báo cáo."),
    required("is_cut", FLAG, "Đúng nếu có tỉnh báo cáo chỉ thuộc tỉnh này một phần, nên số liệu không chia lại được."),
    required("expected", WHOLE, "Số tỉnh báo cáo có địa phận ở đó."),
    required("a_name", TEXT, "Tên của một trong các tỉnh ấy."),
    required(
        "predecessors",
        TEXT,
        "Các tỉnh ấy, mỗi dòng một tỉnh: định danh, tên, tên kèm lời rằng không báo cáo trong Cụm; cách nhau dấu tab.",
    ),
    comment="Mỗi dòng là một tỉnh trên bản đồ của một khoảng thời gian, với các tỉnh báo cáo của một kỳ hợp thành nó. "
    "Lập lại từ bridge_period_boundary mỗi khi danh mục đổi.",
)

dim_rule = Table(
    "dim_rule",
    metadata,
    key("rule_key", "Khóa của phiên bản quy tắc."),
    required("rule_code", TEXT, "Mã quy tắc kiểm tra."),
    required("family", TEXT, "Nhóm quy tắc."),
    required("severity", TEXT, "Mức độ: critical là sai chắc, warning là nghi sai, info là để biết."),
    required("scope", TEXT, "Đối tượng xét: tệp, biểu, kỳ hoặc thư mục."),
    required("disputes", TEXT, "Số liệu nào bị đánh dấu nghi vấn khi quy tắc bị vi phạm."),
    required("title", TEXT, "Tên quy tắc."),
    optional("parameter", FIGURE, "Ngưỡng hoặc hệ số của quy tắc; trống là không có."),
    required("message", TEXT, "Mẫu câu thông báo."),
    optional("advice", TEXT, "Hướng dẫn xử lý; trống là không có."),
    required("valid_from", TEXT, "Kỳ đầu tiên áp dụng."),
    optional("valid_to", TEXT, "Kỳ cuối cùng áp dụng; trống là chưa kết thúc."),
    required("content_hash", TEXT, "Mã băm nội dung phiên bản; nội dung đổi thì thành phiên bản mới."),
    required("is_current", FLAG, "Đúng nếu là phiên bản trong danh mục được nạp gần nhất."),
    comment="Mỗi dòng là một phiên bản của một quy tắc kiểm tra.",
)

bridge_rule_indicator = Table(
    "bridge_rule_indicator",
    metadata,
    required("rule_code", TEXT, "Mã quy tắc."),
    required("subject_code", TEXT, "Mã chỉ tiêu mà quy tắc xét."),
    required("indicator_code", TEXT, "Mã chỉ tiêu mà quy tắc nhìn đến khi xét: chính nó, phần, tử số, mẫu số…"),
    comment="Mỗi dòng là một chỉ tiêu mà một quy tắc nhìn đến khi xét một chỉ tiêu, theo danh mục được nạp gần nhất.",
)

dim_submission = Table(
    "dim_submission",
    metadata,
    key("submission_key", "Khóa của lần gửi."),
    required("submission_id", TEXT, "Định danh lần gửi, dùng trong biên nhận và liên kết."),
    required("province_id", TEXT, "Định danh đơn vị gửi."),
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required("sha256", TEXT, "Mã băm nội dung tệp."),
    required("path", TEXT, "Đường dẫn tệp trong thư mục nhận."),
    required("file_name", TEXT, "Tên tệp."),
    required("version", WHOLE, "Lần gửi thứ mấy của đơn vị trong kỳ, đếm từ 1."),
    required("received_at", MOMENT, "Lúc hệ thống thấy tệp lần đầu."),
    required("modified_at", MOMENT, "Lúc tệp được sửa lần cuối theo máy chứa tệp."),
    required("is_taken", FLAG, "Đúng nếu khi đến tệp được lấy làm báo cáo của đơn vị."),
    optional("form_version", TEXT, "Phiên bản mẫu biểu ghi trong tệp; trống là không ghi."),
    optional("held_because", TEXT, "Vì sao tệp được giữ lại mà chưa dùng; trống là không bị giữ."),
    optional(
        "sent_by",
        TEXT,
        "Định danh đơn vị có thư mục chứa tệp khi nơi khác gửi thay (tệp tổng hợp), published-report khi lấy "
        "từ báo cáo đã công bố; trống là chính đơn vị gửi.",
    ),
    comment="Mỗi dòng là một tệp nhận được cho một đơn vị trong một kỳ; ghi rồi không sửa, không xóa.",
)

dim_reading = Table(
    "dim_reading",
    metadata,
    key("reading_key", "Khóa của lần đọc."),
    required("sha256", TEXT, "Mã băm nội dung tệp được đọc."),
    required("reader_version", TEXT, "Phiên bản bộ đọc."),
    required("catalogue_hash", TEXT, "Mã băm danh mục dùng khi đọc."),
    optional("province_id", TEXT, "Định danh đơn vị ghi trong tệp; trống là tệp không cho biết."),
    optional("period_code", TEXT, "Mã kỳ ghi trong tệp; trống là tệp không cho biết."),
    optional("form_version", TEXT, "Phiên bản mẫu biểu ghi trong tệp; trống là không ghi."),
    optional("reported_on", DAY, "Ngày báo cáo ghi trên bìa; trống là không ghi."),
    required("is_rejected", FLAG, "Đúng nếu không dùng được gì trong tệp."),
    required("read_at", MOMENT, "Lúc đọc tệp."),
    optional("part", WHOLE, "Thứ tự phần của một đơn vị trong một kỳ ở tệp gộp, đếm từ 1; trống là cả tệp."),
    optional("has_list", FLAG, "Đúng nếu tệp có danh sách việc cần làm của Cụm; trống là ghi trước khi có cột."),
    optional(
        "source",
        TEXT,
        "Nguồn số liệu: published_report lấy từ báo cáo đã công bố, synthetic là tệp ghi rõ số liệu giả lập; trống là "
        "đơn vị báo cáo.",
    ),
    comment="Mỗi dòng là một lần đọc nội dung một tệp, hoặc một phần của tệp gộp nhiều đơn vị hay nhiều kỳ; "
    "cùng tệp, bộ đọc và danh mục thì chỉ đọc một lần.",
)

dim_assessment = Table(
    "dim_assessment",
    metadata,
    key("assessment_key", "Khóa của lần đánh giá; lớn hơn là mới hơn, lớn nhất của kỳ là hiện hành."),
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required("input_key", TEXT, "Dấu vân tay của mọi đầu vào; không đổi thì không đánh giá lại."),
    required("assessed_at", MOMENT, "Lúc đánh giá."),
    required("catalogue_hash", TEXT, "Mã băm danh mục đã dùng."),
    required("reader_version", TEXT, "Phiên bản bộ đọc đã dùng."),
    optional("first_assessed_at", MOMENT, "Lúc kỳ ấy được đánh giá lần đầu; trống là chưa tính."),
    optional("superseded_at", MOMENT, "Lúc có lần đánh giá mới hơn của cùng kỳ; trống là hiện hành."),
    comment="Mỗi dòng là một lần đánh giá toàn bộ một kỳ báo cáo.",
)
