"""The style sheet: what Qt's own widgets look like, written with tokens only.

Widgets say what they are by the dynamic property ``kind``; nothing is styled by object name.
"""

from viewer.theme import tokens
from viewer.theme.tokens import Tokens, Type


def sheet(theme: Tokens) -> str:
    """The whole style sheet of one theme."""
    return "\n".join(
        (
            _ground(theme),
            _words(theme),
            _buttons(theme),
            _fields(theme),
            _menus(theme),
            _rest(theme),
        )
    )


def _type(use: Type) -> str:
    return f"font-size: {use.pixels}px; font-weight: {use.weight};"


def _ground(theme: Tokens) -> str:
    return f"""
    QWidget {{ color: {theme.text1}; font-family: "{tokens.FAMILY}"; {_type(tokens.BODY)} }}
    QMainWindow, QDialog {{ background: {theme.window}; }}
    QWidget[kind="bar"] {{ background: {theme.window}; border-bottom: 1px solid {theme.line}; }}
    QWidget[kind="panel"] {{ background: {theme.panel}; }}
    QWidget[kind="page"] {{ background: {theme.window}; }}
    QWidget[kind="ground"] {{ background: {theme.ground}; }}
    QWidget[kind="block"] {{ background: {theme.panel}; border-bottom: 1px solid {theme.line}; }}
    QFrame[kind="card"] {{
        background: {theme.raised}; border: none; border-radius: {tokens.RADIUS_CARD}px;
    }}
    QFrame[kind="dialog"] {{
        background: {theme.panel}; border: 1px solid {theme.edge};
        border-radius: {tokens.RADIUS_DIALOG}px;
    }}
    QFrame[kind="row"] {{
        background: {theme.panel}; border: 1px solid {theme.line};
        border-left: {tokens.AUTHOR_BAR}px solid {theme.text1};
    }}
    QScrollArea {{ background: transparent; border: none; }}
    """


def _words(theme: Tokens) -> str:
    rows = {
        "headline": (tokens.HEADLINE, theme.text1),
        "decision": (tokens.DECISION, theme.text1),
        "decision-small": (tokens.FIGURE, theme.text1),
        "figure": (tokens.FIGURE, theme.text1),
        "title": (tokens.TITLE, theme.text1),
        "name": (tokens.Type(15, 600), theme.text1),
        "chip-words": (tokens.OVERLAY, theme.text1),
        "strong": (tokens.BODY_STRONG, theme.text1),
        "second": (tokens.SECOND, theme.text2),
        "hint": (tokens.SECOND, theme.text3),
        "label": (tokens.LABEL, theme.text3),
        "model-label": (tokens.LABEL, theme.model),
        "reader-label": (tokens.LABEL, theme.reader),
        "reader-word": (tokens.SMALL_STRONG, theme.reader),
        "error": (tokens.BODY_STRONG, theme.error),
    }
    text = "\n".join(
        f'QLabel[kind="{kind}"] {{ color: {colour}; {_type(use)}'
        + (f" letter-spacing: {use.spacing}px;" if use.spacing else "")
        + " }"
        for kind, (use, colour) in rows.items()
    )
    return f"""
    QLabel {{ background: transparent; }}
    {text}
    QLabel[kind="decision"][tone="refer"], QLabel[kind="decision-small"][tone="refer"] {{
        color: {theme.refer};
    }}
    QLabel[faint="true"] {{ color: {theme.edge}; }}
    QLabel[kind="chip"] {{
        border: 1px solid {theme.edge}; border-radius: {tokens.RADIUS_CONTROL}px;
        padding: 0 7px; min-height: {tokens.CHIP - 2}px; max-height: {tokens.CHIP - 2}px;
        font-weight: 500;
    }}
    QWidget[kind="chip"] {{
        border: 1px solid {theme.edge}; border-radius: {tokens.RADIUS_CONTROL}px;
    }}
    QWidget[kind="chip"] QLabel {{ border: none; }}
    QLabel[kind="key"] {{
        border: 1px solid {theme.edge}; border-radius: 3px; color: {theme.text2};
        padding: 0 4px; max-height: 16px; {_type(tokens.AXIS)}
    }}
    QWidget[kind="strip"] {{ background: {theme.window}; border-top: 1px solid {theme.line}; }}
    QWidget[kind="research"] {{ background: {theme.text1}; border: none; }}
    QLabel[kind="research"] {{ color: {theme.window}; {_type(tokens.BODY_STRONG)}
    }}
    """


def _buttons(theme: Tokens) -> str:
    return f"""
    QPushButton, QToolButton[kind="button"] {{
        background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: {tokens.RADIUS_CONTROL}px; padding: 0 12px; font-weight: 500;
        min-height: {tokens.BUTTON - 2}px; max-height: {tokens.BUTTON - 2}px; outline: none;
    }}
    QPushButton:hover, QToolButton[kind="button"]:hover {{ background: {theme.control}; }}
    QPushButton:pressed, QToolButton[kind="button"]:pressed {{ background: {theme.line}; }}
    QPushButton:disabled, QToolButton[kind="button"]:disabled {{
        color: {theme.edge}; border-color: {theme.line};
    }}
    QPushButton[size="small"] {{
        min-height: {tokens.BUTTON_SMALL - 2}px; max-height: {tokens.BUTTON_SMALL - 2}px;
        padding: 0 10px;
    }}
    QPushButton[kind="primary"] {{
        background: {theme.primary}; color: {theme.on_primary}; border-color: {theme.primary};
        font-weight: 600;
    }}
    QPushButton[kind="primary"]:disabled {{
        background: {theme.raised}; color: {theme.edge}; border-color: {theme.line};
    }}
    QPushButton[kind="choice"], QPushButton[kind="segment"] {{
        padding: 0 4px; font-weight: 500;
        min-height: {tokens.BUTTON_SMALL - 2}px; max-height: {tokens.BUTTON_SMALL - 2}px;
    }}
    QPushButton[kind="choice"]:checked {{
        border: 2px solid {theme.reader}; color: {theme.reader}; font-weight: 600;
        min-height: {tokens.BUTTON_SMALL - 4}px; max-height: {tokens.BUTTON_SMALL - 4}px;
    }}
    QPushButton[kind="segment"]:checked {{ border: 2px solid {theme.text1}; font-weight: 600; }}
    QPushButton[kind="plain"] {{ background: transparent; border-color: transparent; }}
    QPushButton[kind="plain"]:hover {{ background: {theme.control}; }}
    QToolButton {{
        background: transparent; border: 1px solid transparent; color: {theme.text1};
        border-radius: {tokens.RADIUS_CONTROL}px; padding: 0 9px; font-weight: 500;
        min-height: {tokens.TARGET - 4}px; max-height: {tokens.TARGET - 4}px;
    }}
    QToolButton[kind="icon"] {{ padding: 0; min-width: {tokens.TARGET - 4}px; }}
    QToolButton:hover {{ background: {theme.control}; }}
    QToolButton:checked {{ background: {theme.control}; border-color: {theme.edge}; }}
    QToolButton:disabled {{ color: {theme.edge}; }}
    QToolButton[kind="tab"] {{
        font-size: 14px; color: {theme.text2}; padding: 0 11px; border: none; border-radius: 0;
        border-top: 3px solid transparent; border-bottom: 3px solid transparent;
        min-height: {tokens.TOP_BAR - 6}px; max-height: {tokens.TOP_BAR - 6}px;
    }}
    QToolButton[kind="tab"]:checked {{
        background: transparent; color: {theme.text1}; font-weight: 600;
        border-bottom-color: {theme.text1};
    }}
    QFileDialog QToolButton {{ padding: 0; }}
    QFileDialog QPushButton:focus {{ border: 2px solid {theme.text1}; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QToolButton::menu-indicator {{ image: none; width: 0; }}
    """


def _fields(theme: Tokens) -> str:
    return f"""
    QComboBox {{
        background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: {tokens.RADIUS_CONTROL}px; padding: 0 8px;
        min-height: {tokens.COMBO - 2}px; max-height: {tokens.COMBO - 2}px;
    }}
    QComboBox:hover {{ background: {theme.control}; }}
    QComboBox:disabled {{ color: {theme.edge}; border-color: {theme.line}; }}
    QComboBox::drop-down {{ border: none; width: 28px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{
        background: {theme.raised}; border: 1px solid {theme.edge}; outline: none;
        selection-background-color: {theme.control}; selection-color: {theme.text1};
    }}
    QComboBox QAbstractItemView::item {{
        min-height: {tokens.COMBO - 2}px; padding: 0 8px; color: {theme.text1};
    }}
    QComboBox QAbstractItemView::item:selected {{ background: {theme.control}; }}
    QLineEdit, QPlainTextEdit, QTextBrowser {{
        background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: {tokens.RADIUS_CONTROL}px; padding: 2px 6px;
        selection-background-color: {theme.text1}; selection-color: {theme.window};
    }}
    """


def _menus(theme: Tokens) -> str:
    return f"""
    QMenuBar {{ background: transparent; border: none; font-weight: 500; font-size: 14px; }}
    QMenuBar::item {{
        background: transparent; padding: 6px 10px; color: {theme.text2};
        border-radius: {tokens.RADIUS_CONTROL}px;
    }}
    QMenuBar::item:selected {{ background: {theme.control}; color: {theme.text1}; }}
    QMenu {{ background: {theme.raised}; border: 1px solid {theme.edge}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 10px; border-radius: {tokens.RADIUS_CONTROL}px; }}
    QMenu::item:selected {{ background: {theme.control}; }}
    QMenu::item:disabled {{ color: {theme.edge}; }}
    QMenu::icon {{ padding-left: 8px; }}
    QMenu::separator {{ height: 1px; background: {theme.line}; margin: 4px 6px; }}
    QToolTip {{
        background: {theme.raised}; color: {theme.text1}; border: 1px solid {theme.edge};
        padding: 5px 7px;
    }}
    """


def _rest(theme: Tokens) -> str:
    return f"""
    QListView[kind="rail"], QListView[kind="list"] {{
        background: {theme.panel}; border: none; outline: none;
    }}
    QListView[kind="list"]::item {{ padding: 2px 4px; color: {theme.text1}; }}
    QListView[kind="list"]::item:selected {{ background: {theme.control}; }}
    QTableView[kind="list"] {{
        background: transparent; border: none; outline: none;
        selection-background-color: {theme.control}; selection-color: {theme.text1};
    }}
    QTableView[kind="list"]::item {{ padding: 0 6px; border-bottom: 1px solid {theme.line}; }}
    QTableView[kind="list"]::item:selected {{
        background: {theme.control}; color: {theme.text1}; font-weight: 600;
    }}
    QFileDialog QTreeView, QFileDialog QListView {{
        background: {theme.panel}; border: 1px solid {theme.line}; outline: none;
    }}
    QFileDialog QTreeView::item, QFileDialog QListView::item {{
        min-height: {tokens.CHIP + 4}px; padding: 0 6px;
    }}
    QFileDialog QTreeView::item:selected, QFileDialog QListView::item:selected {{
        background: {theme.control}; color: {theme.text1};
    }}
    QFileDialog QHeaderView, QFileDialog QHeaderView::section {{ background: {theme.panel}; }}
    QTableView[kind="list"] QHeaderView::section, QFileDialog QHeaderView::section {{
        background: transparent; border: none; border-bottom: 1px solid {theme.line};
        padding: 0 6px; color: {theme.text3}; {_type(tokens.SECOND)}
    }}
    QSpinBox {{
        background: {theme.raised}; border: 1px solid {theme.edge};
        border-radius: {tokens.RADIUS_CONTROL}px; padding: 0 6px;
        min-height: {tokens.BUTTON_SMALL - 2}px; max-height: {tokens.BUTTON_SMALL - 2}px;
    }}
    QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
    QSpinBox QLineEdit {{ background: transparent; border: none; padding: 0 6px; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{
        background: {theme.edge}; border-radius: 3px; min-height: 28px; margin: 2px;
    }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{
        background: {theme.edge}; border-radius: 3px; min-width: 28px; margin: 2px;
    }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{
        background: {theme.control}; border: none; border-radius: 2px;
        min-height: 4px; max-height: 4px;
    }}
    QProgressBar::chunk {{ background: {theme.text1}; border-radius: 2px; }}
    """
