using System.Xml;

namespace Qube.Node.Tools;

/// <summary>Text for XML that only people and simple scripts read; archives keep every letter.</summary>
internal static class XmlText
{
    /// <summary>Letters that XML cannot hold become question marks.</summary>
    public static string Speakable(string text) => text.All(XmlConvert.IsXmlChar) ? text : string.Concat(text.Select((letter, at) =>
        XmlConvert.IsXmlChar(letter)
        || (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        || (char.IsLowSurrogate(letter) && at > 0 && char.IsHighSurrogate(text[at - 1]))
            ? letter
            : '?'));
}
