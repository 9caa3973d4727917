using System.Text;
using Qube.Domain.Syntax;

namespace Qube.Domain.Packing;

/// <summary>Reads packed data from left to right, without going back.</summary>
internal sealed class PackedDataReader(string text)
{
    private int _at;
    private SyntaxError? _error;

    public Parsed<PackedData> Read()
    {
        SkipBlanks();
        PackedData? data = ReadData(1);
        SkipBlanks();
        if (data is not null && _at < text.Length)
        {
            Fail("the end");
        }

        return _error is not null ? _error : data!;
    }

    private PackedData? ReadData(int depth)
    {
        if (depth > PackedData.MaxDepth)
        {
            return Fail($"at most {PackedData.MaxDepth} levels");
        }

        if (!Take('(') || !Take('='))
        {
            return Fail(_at > 0 && text[_at - 1] == '(' ? "'='" : "'(='");
        }

        List<KeyValuePair<string, PackedValue>> entries = [];
        while (true)
        {
            SkipBlanks();
            if (Take(')'))
            {
                return new PackedData(entries);
            }

            if (!Take('('))
            {
                return Fail("'(' and a key, or ')'");
            }

            string key = ReadText(inKey: true);
            if (!Take('='))
            {
                return Fail("'=' and a value");
            }

            PackedValue value;
            if (_at < text.Length && text[_at] == '(')
            {
                if (ReadData(depth + 1) is not { } nested)
                {
                    return null;
                }

                value = new PackedValue(nested);
            }
            else
            {
                value = new PackedValue(ReadText(inKey: false));
            }

            if (!Take(')'))
            {
                return Fail("')', or '\\(' for a parenthesis of the text");
            }

            entries.Add(new(key, value));
        }
    }

    /// <summary>Up to the next parenthesis (or, in a key, equals sign) that no backslash protects.</summary>
    private string ReadText(bool inKey)
    {
        var plain = new StringBuilder();
        while (_at < text.Length)
        {
            int backslashes = 0;
            while (_at < text.Length && text[_at] == '\\')
            {
                backslashes++;
                _at++;
            }

            bool special = _at < text.Length && (text[_at] is '(' or ')' || (inKey && text[_at] == '='));
            plain.Append('\\', special ? backslashes / 2 : backslashes);
            if (special && backslashes % 2 == 0)
            {
                break;
            }

            if (_at < text.Length)
            {
                plain.Append(text[_at++]);
            }
        }

        return plain.ToString();
    }

    private bool Take(char letter)
    {
        if (_at >= text.Length || text[_at] != letter)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private PackedData? Fail(string expected)
    {
        _error ??= SyntaxError.At(text, _at, expected);
        return null;
    }
}
