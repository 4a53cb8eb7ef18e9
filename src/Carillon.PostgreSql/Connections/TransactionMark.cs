using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// A mark on a transaction of Carillon's own in which the user works. It is a setting of that transaction, so it is gone as soon as somebody has ended it, also where another one was begun on the
/// connection since: what was to be committed there must not be, by itself.
/// </summary>
internal static class TransactionMark
{
    /// <summary>Sets it, as a part of a list of what is selected.</summary>
    public const string Set = $"set_config('{Setting}', '1', true)";

    /// <summary>Sets it, as a statement.</summary>
    public const string SetLocal = $"SET LOCAL {Setting} = '1'";

    /// <summary>Asks for it: 1 where it is there.</summary>
    public const string Ask = $"SELECT current_setting('{Setting}', true)";

    /// <summary>Fails where it is not there, and then nothing behind it is executed.</summary>
    public const string Require = $"SELECT coalesce(nullif(current_setting('{Setting}', true), ''), '{Missing}')::int";

    private const string Setting = "carillon.unit_of_work";

    // What is no number is repeated by the server in the words of its error, whatever its language.
    private const string Missing = "carillon: the transaction was ended by its user";

    /// <summary>Whether an error says that it was required and is not there.</summary>
    public static bool IsMissing(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.InvalidTextRepresentation } missing && missing.MessageText.Contains(Missing, StringComparison.Ordinal);
}
