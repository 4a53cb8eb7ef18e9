using System.Globalization;

namespace Carillon.PostgreSql;

/// <summary>The numbered scripts that make the schema, in their order. A script that was released is never changed.</summary>
internal static class SchemaScripts
{
    private static readonly string[] Names = ["0001_log.sql", "0002_parking.sql", "0003_inbox.sql", "0004_outbox.sql"];

    /// <summary>The newest version of the schema that this version of Carillon knows.</summary>
    public static int Newest => Number(Names[^1]);

    /// <summary>All scripts.</summary>
    public static IEnumerable<(int Version, string Sql)> All => Names.Select(name => (Number(name), Load(name)));

    private static int Number(string name) => int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture);

    private static string Load(string name)
    {
        var assembly = typeof(SchemaScripts).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Carillon.Schema.{name}")
            ?? throw new InvalidOperationException($"The script {name} is missing in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
