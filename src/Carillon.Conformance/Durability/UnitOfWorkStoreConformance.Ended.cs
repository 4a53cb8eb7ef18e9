using System.Data.Common;

namespace Carillon.Conformance;

public abstract partial class UnitOfWorkStoreConformance
{
    /// <summary>A transaction that its user has ended is committed by nobody: what was to go with it is not stored by itself.</summary>
    [Theory]
    [InlineData("commit")]
    [InlineData("roll back")]
    [InlineData("dispose")]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    public async Task Commit_ShouldStoreNothing_WhenItsUserHasEndedTheTransaction(string how)
    {
        Assert.SkipWhen(how is "COMMIT" or "ROLLBACK" && !SeesStatements, "the database does not see that a statement has ended the transaction");
        var store = await OpenStoreAsync();
        foreach (var hasMessages in (bool[])[true, false])
        {
            var transaction = await store.BeginAsync(Cancellation);
            Assert.True(await transaction.IsOpenAsync());
            await WriteRowAsync(transaction.Transaction, "a");
            await EndAsync(transaction.Transaction, how);

            Assert.False(await transaction.IsOpenAsync());
            var refusal = await Assert.ThrowsAsync<CarillonException>(async () =>
            {
                if (hasMessages)
                    await transaction.CommitAsync([Message(1)], Cancellation);
                else
                    await transaction.CommitAsync(Cancellation);
            });

            Assert.Equal(ErrorCodes.TransactionEnded, refusal.Code);
            await transaction.DisposeAsync();
        }

        Assert.Empty(await ReadNumbersAsync());
        Assert.Equal(how is "commit" or "COMMIT" ? ["a", "a"] : [], await ReadRowsAsync());
    }

    /// <summary>A transaction in which a statement has failed is still open.</summary>
    [Fact]
    public async Task IsOpen_ShouldStayTrue_WhenAStatementHasFailed()
    {
        var store = await OpenStoreAsync();
        await using var transaction = await store.BeginAsync(Cancellation);
        await Assert.ThrowsAnyAsync<DbException>(async () =>
        {
            await using var command = transaction.Transaction.Connection!.CreateCommand();
            command.Transaction = transaction.Transaction;
            command.CommandText = "INSERT INTO no_such_table VALUES (1)";
            await command.ExecuteNonQueryAsync(Cancellation);
        });

        Assert.True(await transaction.IsOpenAsync());
    }

    private static async Task EndAsync(DbTransaction transaction, string how)
    {
        if (how == "commit")
        {
            await transaction.CommitAsync(Cancellation);
        }
        else if (how == "roll back")
        {
            await transaction.RollbackAsync(Cancellation);
        }
        else if (how == "dispose")
        {
            await transaction.DisposeAsync();
        }
        else
        {
            await using var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = how;
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
