using System.Globalization;
using System.Text;

namespace Carillon.SourceGenerator.Emit;

/// <summary>The few pieces of JSON that the manifest is made of. The compiler's host brings no JSON library along.</summary>
internal static class Json
{
    public static string Text(string? text)
    {
        if (text is null)
            return "null";
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                json.Append(c);
        }

        return json.Append('"').ToString();
    }

    public static string Flag(bool value) => value ? "true" : "false";

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Member(string name, string value) => $"{Text(name)}: {value}";

    public static string Object(params string[] members) => $"{{ {string.Join(", ", members)} }}";

    public static string Array(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";
}
