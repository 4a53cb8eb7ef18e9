using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Rows on their way into a table, column by column, so that one statement inserts them all: a server takes longer to plan an insert with many parameters
/// than to carry it out.
/// </summary>
internal sealed partial class QueuedRows(string insert, int columns)
{
    private readonly NpgsqlDbType[] _types = new NpgsqlDbType[columns];
    private readonly List<object?>[] _columns = [.. Enumerable.Range(0, columns).Select(static _ => new List<object?>())];

    /// <summary>Adds a row, with the values of the statement's parameters.</summary>
    public void Add(NpgsqlParameterCollection values)
    {
        for (var column = 0; column < columns; column++)
        {
            _types[column] = values[column].NpgsqlDbType;
            _columns[column].Add(values[column].Value is DBNull ? null : values[column].Value);
        }
    }

    /// <summary>The command that inserts them, in the order in which they were added.</summary>
    public NpgsqlCommand ToCommand(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(ManyRows(), connection);
        for (var column = 0; column < columns; column++)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | _types[column], Value = ToArray(column) });
        return command;
    }

    private Array ToArray(int column) => _types[column] switch
    {
        NpgsqlDbType.Bigint => _columns[column].Cast<long?>().ToArray(),
        NpgsqlDbType.Bytea => _columns[column].Cast<byte[]?>().ToArray(),
        _ => _columns[column].Cast<string?>().ToArray(),
    };

    private string ManyRows()
    {
        var values = Values().Match(insert);
        var arrays = string.Join(", ", Enumerable.Range(1, columns).Select(static number => string.Create(CultureInfo.InvariantCulture, $"${number}")));
        var names = string.Join(", ", Enumerable.Range(1, columns).Select(static number => string.Create(CultureInfo.InvariantCulture, $"c{number}")));
        return $"{insert[..values.Index]}SELECT {Parameter().Replace(values.Groups[1].Value, "c$1")} FROM unnest({arrays}) WITH ORDINALITY AS queued ({names}, number) ORDER BY number{insert[(values.Index + values.Length)..]}";
    }

    [GeneratedRegex(@"VALUES\s*\(([^()]*)\)")]
    private static partial Regex Values();

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex Parameter();
}
