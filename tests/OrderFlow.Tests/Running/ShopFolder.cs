namespace OrderFlow.Tests.Running;

/// <summary>A data folder of its own for one test, deleted afterwards.</summary>
internal sealed class ShopFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orderflow-tests-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
