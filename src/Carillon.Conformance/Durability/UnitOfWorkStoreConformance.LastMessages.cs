using System.Data.Common;
using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>The last messages are stored behind those before them, with the rows, and with the commit that they come with.</summary>
    [Fact]
    public async Task Commit_ShouldStoreAllInOrder_WhenItBringsTheLastMessages()
    {
        var store = await OpenStoreAsync();
        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await WriteRowAsync(transaction.Transaction, "a");
            await transaction.AppendAsync([Message(1)], Cancellation);
            await transaction.CommitAsync([Message(2), Message(3, "other"), Message(4), Message(5, key: null)], Cancellation);
        }

        Assert.Equal(["a"], await ReadRowsAsync());
        Assert.Equal([1, 2, 4], (await ReadLogAsync()).Where(message => message.Key == "k").Select(message => SampleMessages.NumberOf(message)));
        Assert.Equal([1, 2, 3, 4, 5], (await ReadNumbersAsync()).Order());
    }

    /// <summary>Where the last messages are refused, nothing is committed: neither them nor what came before.</summary>
    [Fact]
    public async Task Commit_ShouldCommitNothing_WhenTheLastMessagesAreRefused()
    {
        var store = await OpenStoreAsync();
        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await WriteRowAsync(transaction.Transaction, "a");
            await transaction.AppendAsync([Message(1)], Cancellation);

            var refusal = await Assert.ThrowsAsync<PublishFailedException>(
                () => transaction.CommitAsync([Message(2), Message(3) with { Subject = "half \ud83d" }], Cancellation).AsTask());

            Assert.False(refusal.IsOutcomeUnknown);
        }

        Assert.Empty(await ReadRowsAsync());
        Assert.Empty(await ReadNumbersAsync());
    }

    /// <summary>A statement of the user failed and somebody went on regardless: what cannot all be committed is not reported as committed.</summary>
    [Fact]
    public async Task Commit_ShouldReportNoSuccess_WhenAnEarlierStatementFailed()
    {
        var store = await OpenStoreAsync();
        var isReported = false;
        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await WriteRowAsync(transaction.Transaction, "a");
            try
            {
                await WriteRowAsync(transaction.Transaction, new string('x', 300));
            }
            catch (DbException)
            {
                // As careless code does.
            }

            try
            {
                await transaction.CommitAsync([Message(1)], Cancellation);
                isReported = true;
            }
            catch (PublishFailedException)
            {
                // The database gave the transaction up with the failed statement.
            }
        }

        Assert.Equal(isReported ? [1] : [], await ReadNumbersAsync());
        Assert.Equal(isReported, (await ReadRowsAsync()).Contains("a"));
    }
}
