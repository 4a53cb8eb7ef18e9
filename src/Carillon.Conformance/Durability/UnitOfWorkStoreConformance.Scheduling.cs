namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>What a unit of work schedules is on the schedule when it commits.</summary>
    [Fact]
    public async Task Schedule_ShouldKeepMessages_WhenTheTransactionCommits()
    {
        var store = await OpenStoreAsync();
        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await transaction.ScheduleAsync([Due(Message(2)), Due(Message(3))], Cancellation);
            await transaction.AppendAsync([Message(1)], Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal([1], await ReadNumbersAsync());
        Assert.Equal([2, 3], await ReleaseAsync());
        Assert.Equal([1, 2, 3], await ReadNumbersAsync());
    }

    /// <summary>A unit of work takes messages off the schedule, its own too, and those stay on it when it rolls back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelScheduled_ShouldShareTheFateOfTheTransaction_WhenItEnds(bool commits)
    {
        var store = await OpenStoreAsync();
        var (standing, own, kept) = (Message(1), Message(2), Message(3));
        await (await OpenScheduleAsync()).AddAsync([Due(standing), Due(kept)], Cancellation);

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            await transaction.ScheduleAsync([Due(own)], Cancellation);
            Assert.True(await transaction.CancelScheduledAsync(standing.Source!, standing.Id, Cancellation));
            Assert.True(await transaction.CancelScheduledAsync(own.Source!, own.Id, Cancellation));
            Assert.False(await transaction.CancelScheduledAsync(own.Source!, own.Id, Cancellation));
            Assert.False(await transaction.CancelScheduledAsync("/services/another", kept.Id, Cancellation));
            if (commits)
                await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(commits ? [3] : [1, 3], await ReleaseAsync());
    }

    /// <summary>What an open transaction takes off the schedule is not published meanwhile, whoever releases, and afterwards only when it was rolled back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelScheduled_ShouldKeepOthersFromPublishing_WhenTheTransactionStaysOpen(bool commits)
    {
        var store = await OpenStoreAsync();
        var message = Message(1);
        await (await OpenScheduleAsync()).AddAsync([Due(message)], Cancellation);
        Task releasing;

        await using (var transaction = await store.BeginAsync(Cancellation))
        {
            Assert.True(await transaction.CancelScheduledAsync(message.Source!, message.Id, Cancellation));
            releasing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await (await OpenScheduleAsync()).ReleaseAsync(Cancellation)));
            if (commits)
                await transaction.CommitAsync(Cancellation);
        }

        await releasing;
        await ReleaseAsync();
        Assert.Equal(commits ? [] : [1], await ReadNumbersAsync());
    }
}
