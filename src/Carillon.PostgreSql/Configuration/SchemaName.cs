namespace Carillon.PostgreSql;

/// <summary>The name of the schema that holds the tables. It becomes part of statements, so it is checked before anything else is done with it.</summary>
internal static class SchemaName
{
    // What PostgreSQL allows for a name, less the prefix of the notification channel that is named after the schema.
    private const int MaxLength = 54;

    /// <returns>The name.</returns>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static string Check(string? name) => IsValid(name)
        ? name!
        : throw new CarillonConfigurationException(ErrorCodes.InvalidConfiguration,
            $"Carillon:{PostgreSqlSettings.Section}:{nameof(PostgreSqlOptions.Schema)} is \"{name}\", but must be 1 to {MaxLength} letters (a-z, A-Z), digits and "
            + "underscores, and begin neither with a digit nor with pg_.");

    private static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength }
        && !char.IsAsciiDigit(name[0])
        && !name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
