using System.Text;

namespace Carillon.PostgreSql;

/// <summary>A statement as the server takes it: with the schema before tables, and with numbers for parameters.</summary>
/// <param name="Text">What is sent.</param>
/// <param name="Parameters">The names of the parameters, in the order of their numbers.</param>
internal sealed record CompiledSql(string Text, string[] Parameters)
{
    public static CompiledSql From(string sql, TableNames tables)
    {
        var source = tables.Qualify(sql);
        var text = new StringBuilder();
        var parameters = new List<string>();
        for (var at = 0; at < source.Length;)
        {
            var next = source.IndexOf('@', at);
            if (next < 0)
            {
                text.Append(source, at, source.Length - at);
                break;
            }

            var end = next + 1;
            while (end < source.Length && char.IsAsciiLetterOrDigit(source[end]))
                end++;
            text.Append(source, at, next - at).Append('$').Append(Number(parameters, source[(next + 1)..end]));
            at = end;
        }

        return new CompiledSql(text.ToString(), [.. parameters]);
    }

    private static int Number(List<string> parameters, string name)
    {
        if (!parameters.Contains(name))
            parameters.Add(name);
        return parameters.IndexOf(name) + 1;
    }
}
