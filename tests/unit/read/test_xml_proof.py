"""What the fast way may trust: plain elements in UTF-8."""

from __future__ import annotations

import pytest

from sandan.read.xml_proof import are_plain


def is_plain(body: bytes, prefix: bytes = b"", *, tidy: bool = False) -> bool:
    (plain,) = are_plain([body], prefix, tidy=tidy)
    return plain


@pytest.mark.parametrize(
    "body",
    [
        b"<a><b>1</b></a>",
        b"\n <a>\t<b> x\ny </b> <c/>\n</a>\n<a><b></b></a>",
        b"<a>\r\n<b>1</b>\r\n</a>\r",
        "<a>茶 &amp; &#x4E2D;&#20013;\U0001f600\uff01</a>".encode(),
        b"",
    ],
)
def test_elements_and_texts_are_plain(body):
    assert is_plain(body)


@pytest.mark.parametrize(
    "body",
    [
        b'<a b="c">x</a>',
        b"<a>x</a><!-- c -->",
        b"<a><![CDATA[x]]></a>",
        b"<a>x > y</a>",
        b"<a>\x01</a>",
        b"<a>&#32;x</a>",
        b"<a>&e;</a>",
        b"<p:a>x</p:a>",
        b"<a>x\r\ny</a>",
        b"<a>\r</a>",
        b"<a>x<b>y</b>z</a>",
        "<a>\ufffe</a>".encode(),
        "<a>\ud800</a>".encode("utf-8", "surrogatepass"),
        b"<a>\xc0\xaf</a>",
        b"<a>\xf4\x90\x80\x80</a>",
        b"<a>\xe8\x8c</a>",
        "<a>茶</a>".encode("gb18030"),
    ],
)
def test_anything_else_is_not_proved(body):
    assert not is_plain(body)


def test_documents_are_judged_one_by_one():
    bodies = [b"<p:a>x</p:a>", b"<p:a>\x01</p:a>", b"<p:a> x</p:a>", b"<a>x</a>"]
    assert are_plain(bodies, b"p:", tidy=False) == [True, False, True, False]
    assert are_plain(bodies, b"p:", tidy=True) == [True, False, False, False]


@pytest.mark.parametrize("text", ["", "x", "x y", "茶\n \t茶", "&amp; &#x4E2D;"])
def test_texts_that_need_no_trimming(text):
    assert is_plain(f"\n<a>\t<b>{text}</b> </a>\n".encode(), tidy=True)


@pytest.mark.parametrize("text", [" ", " x", "x ", "\tx", "x y\n", "茶 "])
def test_texts_that_need_trimming(text):
    assert not is_plain(f"<a>{text}</a>".encode(), tidy=True)
    assert is_plain(f"<a>{text}</a>".encode())
