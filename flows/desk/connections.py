"""Ready ways to open the published copy from other programs, with what each does to locks and what was tried."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.local_time import HANOI
from warehouse.lake.place import SCHEMA, LakePlace
from warehouse.quoting import literal

TRIED, NOT_TRIED = "đã thử", "chưa thử"


@dataclass(frozen=True, slots=True)
class Connection:
    """One program: what to copy, in steps, and what happens when a new copy is published meanwhile."""

    key: str
    name: str
    is_tried: bool
    text: str
    locks: str


_KEEPS = "Mở chỉ đọc thì giữ bản cũ cho đến khi đóng; kho phát hành bản mới lúc nào cũng được. Muốn số mới: nối lại."


def list_connections(copy: Path) -> tuple[Connection, ...]:
    """Every program that is told about, for a published copy at its absolute path."""
    path = copy.as_posix()
    return (
        Connection(
            "python",
            "Python: duckdb, pandas",
            True,
            "import duckdb\n"
            f'with duckdb.connect("{path}", read_only=True) as kho:\n'
            f'    bang = kho.execute("SELECT * FROM observations").df()\n'
            "# .df() cho số thực (float); cần đúng từng chữ số thì dùng .to_arrow_table() hoặc .fetchall()",
            _KEEPS,
        ),
        Connection(
            "sqlalchemy",
            "Python: SQLAlchemy (gói duckdb-sqlalchemy)",
            True,
            "from sqlalchemy import create_engine, text\n"
            "from sqlalchemy.pool import NullPool\n"
            f'may = create_engine("duckdb:///{path}", poolclass=NullPool, connect_args={{"read_only": True}})\n'
            "with may.connect() as noi:\n"
            '    print(noi.execute(text("SELECT count(*) FROM observations")).scalar())',
            _KEEPS + " Không có NullPool thì kết nối, và bản cũ, còn mãi trong chương trình.",
        ),
        Connection(
            "duckdb",
            "Dòng lệnh DuckDB",
            False,
            f"duckdb -readonly '{path}'\nhoặc, từ một phiên DuckDB khác:\nATTACH '{path}' AS kho (READ_ONLY);",
            _KEEPS + " Câu ATTACH đã thử qua Python; chương trình duckdb riêng chưa thử. Cần DuckDB 1.5 trở lên.",
        ),
        Connection(
            "dbeaver",
            "DBeaver",
            False,
            f"Kết nối mới → DuckDB\nJDBC URL: jdbc:duckdb:{path}\nThẻ Driver properties: duckdb.read_only = true",
            _KEEPS + " DBeaver giữ kết nối lâu: chuột phải → Invalidate/Reconnect để có bản mới.",
        ),
        Connection(
            "metabase",
            "Metabase",
            False,
            "Cài bổ sung DuckDB cho Metabase (tệp .jar vào thư mục plugins)\n"
            f"Loại DuckDB, Database file: {path}\nBật: Establish a read-only connection",
            _KEEPS + " Metabase giữ kết nối: đặt lịch đồng bộ sau giờ phát hành, hoặc khởi động lại nguồn dữ liệu.",
        ),
        Connection(
            "excel",
            "Excel qua ODBC (Windows)",
            False,
            "Cài trình điều khiển DuckDB ODBC, rồi Dữ liệu → Lấy dữ liệu → Từ ODBC, chuỗi kết nối:\n"
            f"Driver={{DuckDB Driver}};Database={path};access_mode=read_only\n"
            'Không cài được: lấy tệp bằng thidua sql "…" --out ket-qua.xlsx, hoặc mở published/KỲ/csv',
            "Trên Windows tệp đang mở có thể không thay được: chép bản kho ra nơi khác rồi nối vào bản chép.",
        ),
        Connection(
            "r",
            "R (gói duckdb, DBI)",
            False,
            "library(DBI)\n"
            f'kho <- dbConnect(duckdb::duckdb(), dbdir = "{path}", read_only = TRUE)\n'
            'dbGetQuery(kho, "SELECT * FROM cluster_totals")\n'
            "dbDisconnect(kho, shutdown = TRUE)",
            _KEEPS,
        ),
    )


def describe_lake(place: LakePlace) -> Connection:
    """The statements that open a lake in any program that speaks DuckDB's SQL; the password is left to be typed."""
    folder = literal(f"{place.folder.as_posix()}/")
    return Connection(
        "lake",
        "Hồ dữ liệu chung, từ máy khác (DuckDB, Python, DBeaver)",
        True,
        "INSTALL ducklake; INSTALL postgres;  -- một lần, trên máy có mạng\n"
        "LOAD ducklake; LOAD postgres;\n"
        f"CREATE SECRET ho (TYPE postgres, HOST '{place.host}', PORT {place.port}, DATABASE '{place.database}', "
        f"USER '{place.user}', PASSWORD '…');\n"
        f"ATTACH 'ducklake:postgres:' AS kho (METADATA_SCHEMA '{SCHEMA}', META_SECRET ho, DATA_PATH {folder}, "
        "OVERRIDE_DATA_PATH true, READ_ONLY);\n"
        "USE kho;\n"
        f"SET TimeZone = '{HANOI}';",
        "Không khóa ai và không bị ai khóa: mỗi câu hỏi thấy trọn một bản phát hành, câu sau thấy bản mới. "
        "DATA_PATH là chỗ máy ấy gắn thư mục chung; nên dùng tài khoản chỉ đọc. Các câu đã thử qua Python; "
        "DBeaver chưa thử. Cần DuckDB 1.5.",
    )


WARNING = (
    "Luôn mở chỉ đọc: mở để ghi sẽ khóa bản kho đối với mọi người khác cho đến khi đóng.\n"
    "Đừng mở warehouse.duckdb ở gốc nhà dữ liệu: đó là tệp nạp, đang mở thì lượt thu thập không chạy được."
)


def describe(connection: Connection) -> str:
    """One program as text to be read and copied from."""
    tried = TRIED if connection.is_tried else NOT_TRIED
    body = "\n".join(f"    {line}" for line in connection.text.splitlines())
    return f"{connection.name}  [{connection.key}, {tried}]\n{body}\n  Khóa: {connection.locks}\n"
