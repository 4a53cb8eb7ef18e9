using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>Rows and messages are there together, the messages unchanged and in their order.</summary>
    [Fact]
    public async Task Commit_ShouldStoreRowsAndMessagesTogether_WhenBothWereWritten()
    {
        var store = await OpenStoreAsync();
        Envelope[] messages = [Message(1), Message(2, key: null), Message(3, "another"), Message(4), Message(5)];

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await WriteRowAsync(transaction.Transaction, "first");
            await transaction.AppendAsync(messages[..3], Cancellation);
            await WriteRowAsync(transaction.Transaction, "second");
            await transaction.AppendAsync(messages[3..], Cancellation);
            Assert.Empty(await ReadLogAsync());
            Assert.Empty(await ReadRowsAsync());
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(["first", "second"], await ReadRowsAsync());
        var log = await ReadLogAsync();
        Assert.Equal(messages.Length, log.Count);
        foreach (var (sent, read) in messages.Zip(log))
            EnvelopeAssert.Same(sent, read);
    }

    /// <summary>Neither rows nor messages are there without a commit.</summary>
    [Fact]
    public async Task Dispose_ShouldLeaveNeitherRowsNorMessages_WhenThereWasNoCommit()
    {
        var store = await OpenStoreAsync();

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await WriteRowAsync(transaction.Transaction, "first");
            await transaction.AppendAsync([Message(1)], Cancellation);
            await transaction.ScheduleAsync([Due(Message(2))], Cancellation);
        }

        Assert.Empty(await ReadRowsAsync());
        Assert.Empty(await ReadLogAsync());
        Assert.Empty(await ReleaseAsync());
    }

    /// <summary>What was committed before another transaction began is read before what that one commits, for every key.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Commits_ShouldBeReadInTheirOrder_WhenManyUnitsOfWorkAreUnderWay(int keys)
    {
        const int workers = 8;
        const int turns = 15;
        var store = await OpenStoreAsync();
        var clock = 0L;
        var began = new long[workers * turns];
        var ended = new long[workers * turns];

        await Task.WhenAll(Enumerable.Range(0, workers).Select(async worker =>
        {
            await Task.Yield();
            for (var turn = 0; turn < turns; turn++)
            {
                var number = (worker * turns) + turn;
                await using var transaction = await store.BeginAsync(Cancellation);
                began[number] = Interlocked.Increment(ref clock);
                await WriteRowAsync(transaction.Transaction, $"{number}");
                await transaction.AppendAsync([Message(number, $"key-{number % keys}")], Cancellation);
                if (IsRolledBack(number))
                    continue;
                await transaction.CommitAsync(Cancellation);
                ended[number] = Interlocked.Increment(ref clock);
            }
        }));

        var expected = Enumerable.Range(0, workers * turns).Where(number => !IsRolledBack(number)).ToArray();
        var read = await ReadNumbersAsync();
        Assert.Equal(expected, read.Order());
        Assert.Equal(expected.Select(number => $"{number}").Order(StringComparer.Ordinal), await ReadRowsAsync());
        for (var later = 0; later < read.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
                Assert.False(ended[read[later]] < began[read[earlier]], $"{read[later]} was committed before {read[earlier]} began, but is read after it");
        }

        static bool IsRolledBack(int number) => number % 5 == 3;
    }

    /// <summary>Several transactions may be open at once, and commit in another order than they began, where the store is not one file.</summary>
    [Fact]
    public async Task Commits_ShouldBeReadInTheirOrder_WhenTheLastToBeginCommitsFirst()
    {
        var store = await OpenStoreAsync();
        Assert.SkipWhen(store.HoldsTransport, "the store is one file with one writer: a second unit of work waits for the first");
        await using var first = await store.BeginAsync(Cancellation);
        await using var second = await store.BeginAsync(Cancellation);

        await second.AppendAsync([Message(2, "l")], Cancellation);
        await second.CommitAsync(Cancellation);
        await first.AppendAsync([Message(1)], Cancellation);
        await first.CommitAsync(Cancellation);

        Assert.Equal([2, 1], await ReadNumbersAsync());
    }
}
