using Carillon.Durability;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>A transaction on the caller's connection is like any other, and the connection stays the caller's.</summary>
    [Fact]
    public async Task Begin_ShouldUseTheCallersConnection_WhenOneIsGiven()
    {
        var store = await OpenStoreAsync();
        await using var connection = await OpenConnectionAsync();

        for (var number = 1; number <= 3; number++)
        {
            await using var transaction = await store.BeginAsync(connection, Cancellation);
            Assert.Same(connection, transaction.Transaction.Connection);
            await WriteRowAsync(transaction.Transaction, $"{number}");
            await transaction.AppendAsync([Message(number)], Cancellation);
            if (number != 2)
                await transaction.CommitAsync(Cancellation);
        }

        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM conformance_rows";
        Assert.Equal(2L, Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([1, 3], await ReadNumbersAsync());
    }

    /// <summary>A connection to something else is refused, and so is one that is closed.</summary>
    [Fact]
    public async Task Begin_ShouldRefuse_WhenTheConnectionIsNoOpenOneToTheStore()
    {
        var store = await OpenStoreAsync();
        await using var elsewhere = await OpenConnectionElsewhereAsync();
        await using var closed = await OpenConnectionAsync();
        await closed.CloseAsync();

        foreach (var connection in new[] { elsewhere, closed })
        {
            var error = await Assert.ThrowsAsync<CarillonException>(() => store.BeginAsync(connection, Cancellation).AsTask());
            Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
        }
    }

    /// <summary>A transaction on something else cannot be joined.</summary>
    [Fact]
    public async Task Join_ShouldRefuse_WhenTheTransactionIsOnSomethingElse()
    {
        var store = await OpenStoreAsync();
        await using var elsewhere = await OpenConnectionElsewhereAsync();
        await using var transaction = await elsewhere.BeginTransactionAsync(Cancellation);

        var error = await Assert.ThrowsAsync<CarillonException>(() => store.JoinAsync(transaction, Cancellation).AsTask());

        Assert.Equal(ErrorCodes.InvalidUnitOfWork, error.Code);
    }

    /// <summary>What joins a transaction shares its fate, which is decided by whoever began it; letting go of the joined one decides nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Join_ShouldShareTheFateOfTheTransaction_WhenItsOwnerEndsIt(bool commits)
    {
        var store = await OpenStoreAsync();
        await using var connection = await OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await WriteRowAsync(transaction, "row");
            var joined = await store.JoinAsync(transaction, Cancellation);
            Assert.Same(transaction, joined.Transaction);
            Assert.Equal(InboxClaim.First, await joined.ClaimAsync(Subscription, Message(9), Cancellation));
            await joined.ScheduleAsync([Due(Message(2))], Cancellation);
            await joined.AppendAsync([Message(1)], Cancellation);
            Assert.Empty(await ReadLogAsync());
            if (commits)
            {
                await transaction.CommitAsync(Cancellation);
                joined.Committed();
            }

            await joined.DisposeAsync();
        }

        Assert.Equal(commits ? ["row"] : [], await ReadRowsAsync());
        Assert.Equal(commits ? [1] : [], await ReadNumbersAsync());
        Assert.Equal(commits ? [2] : [], await ReleaseAsync());
    }

    /// <summary>Letting go of what joined a transaction leaves the transaction open.</summary>
    [Fact]
    public async Task Join_ShouldLeaveTheTransactionOpen_WhenItIsDisposedFirst()
    {
        var store = await OpenStoreAsync();
        await using var connection = await OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using (var joined = await store.JoinAsync(transaction, Cancellation))
                await joined.AppendAsync([Message(1)], Cancellation);
            await WriteRowAsync(transaction, "after");
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(["after"], await ReadRowsAsync());
        Assert.Equal([1], await ReadNumbersAsync());
    }
}
