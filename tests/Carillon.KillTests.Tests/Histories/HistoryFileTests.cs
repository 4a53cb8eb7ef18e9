namespace Carillon.KillTests.Tests;

public sealed class HistoryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => HistoryFolder.PathOf(_folder.Path, "publisher-1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadNew_ShouldReturnOnlyWhatWasAdded_WhenItReadsAgain()
    {
        using var writer = new HistoryWriter(Path);
        var file = new HistoryFile(Path);
        writer.Write(new HistoryLine { Step = HistoryStep.Intent, Key = "key", Version = 1, At = 7 });
        Assert.Equal([new HistoryLine { Step = HistoryStep.Intent, Key = "key", Version = 1, At = 7 }], file.ReadNew());
        writer.Write(new HistoryLine { Step = HistoryStep.Killed, Process = "handler-1.2", At = 8, Failpoint = "sqlite.committing" });
        Assert.Equal([new HistoryLine { Step = HistoryStep.Killed, Process = "handler-1.2", At = 8, Failpoint = "sqlite.committing" }], file.ReadNew());
        Assert.Empty(file.ReadNew());
    }

    [Fact]
    public void ReadNew_ShouldSkipTheTornLine_WhenTheWriterWasKilledInside()
    {
        using (var writer = new HistoryWriter(Path))
            writer.Write(new HistoryLine { Step = HistoryStep.Intent, Key = "key", Version = 1 });
        File.AppendAllText(Path, "{\"step\":\"Acknow");
        using (var next = new HistoryWriter(Path))
            next.Write(new HistoryLine { Step = HistoryStep.Intent, Key = "key", Version = 2 });
        Assert.Equal([1L, 2L], new HistoryFile(Path).ReadNew().Select(line => line.Version));
    }

    [Fact]
    public void ReadNew_ShouldWait_WhenALineIsNotFinished()
    {
        File.WriteAllText(Path, "{\"step\":\"Intent\",\"key\":\"key\",\"ver");
        var file = new HistoryFile(Path);
        Assert.Empty(file.ReadNew());
        File.AppendAllText(Path, "sion\":3}\n");
        Assert.Equal(3, Assert.Single(file.ReadNew()).Version);
    }
}
