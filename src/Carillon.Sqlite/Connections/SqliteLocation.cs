using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>Which file a connection string means, checked for what a shared, durable file needs.</summary>
internal sealed class SqliteLocation
{
    private const string DataDirectory = "|DataDirectory|";

    private SqliteLocation(SqliteConnectionStringBuilder settings, string path)
    {
        Settings = settings;
        Path = path;
    }

    /// <summary>What else the connection string says.</summary>
    public SqliteConnectionStringBuilder Settings { get; }

    /// <summary>
    /// The full path of the file, without symbolic links: everybody who means this file finds the same log, locks and bell beside it, and it
    /// stays what it was when the process changes its working directory or a link is turned to another file.
    /// </summary>
    public string Path { get; }

    /// <summary>The folder beside the file with what the processes tell each other.</summary>
    public string Companion => Path + "-carillon";

    /// <summary>Finds the file that a connection string means.</summary>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="folder">Where a relative path begins, unless |DataDirectory| is set; null for the working directory.</param>
    /// <exception cref="CarillonConfigurationException">
    /// With <see cref="ErrorCodes.InvalidConfiguration"/>, or <see cref="ErrorCodes.UnsafeStorage"/> for a database that is no file.
    /// </exception>
    public static SqliteLocation Parse(string connectionString, string? folder = null)
    {
        SqliteConnectionStringBuilder settings;
        try
        {
            settings = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw Invalid($"cannot be read: {e.Message}", e);
        }

        if (settings.DataSource.Length == 0)
            throw Invalid("names no file. Write \"Data Source=shop.db\".");
        if (settings.DataSource.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase) || settings.Mode == SqliteOpenMode.Memory)
        {
            throw new CarillonConfigurationException(ErrorCodes.UnsafeStorage,
                "The SQLite connection string asks for a database in memory, which loses everything with its process. Name a file, or use the in-memory transport.");
        }

        if (settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            throw Invalid("holds a URI. Write the path of the file instead.");
        if (settings.Mode == SqliteOpenMode.ReadOnly || settings.Cache == SqliteCacheMode.Shared)
            throw Invalid("says Mode=ReadOnly or Cache=Shared. Leave both out: messages are written, and every connection has its own cache.");
        return new SqliteLocation(settings, Resolve(settings.DataSource, folder ?? Environment.CurrentDirectory));
    }

    // As Microsoft.Data.Sqlite itself understands it.
    private static string Resolve(string source, string folder)
    {
        var data = AppDomain.CurrentDomain.GetData("DataDirectory") as string;
        if (source.StartsWith(DataDirectory, StringComparison.OrdinalIgnoreCase))
        {
            if (string.IsNullOrEmpty(data))
                throw Invalid($"says {DataDirectory}, but this process has not set it. Set it with AppDomain.CurrentDomain.SetData, or write the path.");
            source = source[DataDirectory.Length..].TrimStart(System.IO.Path.DirectorySeparatorChar, System.IO.Path.AltDirectorySeparatorChar);
        }

        return RealPath.Of(System.IO.Path.Combine(string.IsNullOrEmpty(data) ? folder : data, source));
    }

    private static CarillonConfigurationException Invalid(string what, Exception? inner = null) =>
        new(ErrorCodes.InvalidConfiguration, $"The SQLite connection string {what}", inner);
}
