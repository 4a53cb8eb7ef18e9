namespace Carillon.Sqlite.Tests;

/// <summary>A folder of its own for one test, deleted at its end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("carillon-sqlite-").FullName;

    public string Database => System.IO.Path.Combine(Path, "test.db");

    public string ConnectionString => $"Data Source={Database}";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
