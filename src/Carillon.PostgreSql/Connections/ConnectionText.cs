using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Reads connection strings. What cannot be read may hold a password anywhere, so nothing of it is repeated, and neither is what the driver says,
/// which quotes it.
/// </summary>
internal static class ConnectionText
{
    /// <param name="connectionString">What the user wrote.</param>
    /// <param name="defaults">Settings that it may change, ending with a semicolon.</param>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString, string defaults)
    {
        if (connectionString.Split('=')[0].Contains("://", StringComparison.Ordinal))
            throw Invalid("is an address. Npgsql reads settings: write \"Host=localhost;Port=5432;Database=shop;Username=shop;Password=…\".");
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(defaults + connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException or InvalidOperationException)
        {
            throw Invalid(Explain(connectionString));
        }

        if (IsAddress(settings.Host) || IsAddress(settings.Database) || IsAddress(settings.Username))
            throw Invalid("has an address, or settings without semicolons between them, where a name belongs. Write each part as a setting: \"Host=localhost;Port=5432;Database=shop;Username=shop;Password=…\".");
        if (!IsUnicode(settings.ClientEncoding) || !IsUnicode(settings.Encoding))
            throw Invalid("names an encoding. Leave \"Client Encoding\" and \"Encoding\" out: Carillon speaks UTF-8 with the server.");

        // Otherwise the environment of the process decides.
        settings.ClientEncoding = "UTF8";
        if (settings.MaxPoolSize < 1)
            throw Invalid("says Maximum Pool Size=0. Units of work need at least one connection.");
        if (settings.MinPoolSize > settings.MaxPoolSize)
            throw Invalid($"says Minimum Pool Size={settings.MinPoolSize}, but Maximum Pool Size={settings.MaxPoolSize}. Raise the one or lower the other.");
        return settings;
    }

    public static CarillonConfigurationException Invalid(string what) => new(ErrorCodes.InvalidConfiguration, $"The PostgreSQL connection string {what}");

    private static bool IsUnicode(string? encoding) =>
        encoding is null || encoding.Replace("-", "", StringComparison.Ordinal).Equals("utf8", StringComparison.OrdinalIgnoreCase) || encoding.Equals("unicode", StringComparison.OrdinalIgnoreCase);

    // Addresses, and what other drivers read: settings with spaces between them, which are one value here.
    private static bool IsAddress(string? text) =>
        text is not null && (text.Contains("://", StringComparison.Ordinal) || text.Contains("password=", StringComparison.OrdinalIgnoreCase));

    /// <summary>Says which setting it is. Only names that the driver knows are repeated; what looks like a name may be the end of a password.</summary>
    private static string Explain(string connectionString)
    {
        string[] parts = [.. connectionString.Split(';').Where(part => !string.IsNullOrWhiteSpace(part))];
        for (var i = 0; i < parts.Length; i++)
        {
            var name = parts[i].Split('=')[0].Trim();
            if (!IsSetting(name))
                return $"cannot be read: its part {i + 1} of {parts.Length} is no setting of Npgsql. Look for a typing error; a value with a semicolon or an equals sign in it, such as a password, belongs in quotes: Password='…'.";
            if (!IsReadable(parts[i]))
                return $"cannot be read: \"{name}\", its part {i + 1} of {parts.Length}, has a value that is not allowed there.";
        }

        return "cannot be read. Look for quotes that are not closed; settings look like \"Host=localhost;Database=shop;Username=shop\".";
    }

    private static bool IsSetting(string name)
    {
        try
        {
            return name.Length > 0 && new NpgsqlConnectionStringBuilder().ContainsKey(name);
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static bool IsReadable(string part)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(part).Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException or InvalidOperationException)
        {
            return false;
        }
    }
}
