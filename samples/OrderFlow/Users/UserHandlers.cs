using System.Data.Common;
using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Users;

/// <summary>Keeps the accounts, built from the service's own events: a registration that was accepted cannot be lost.</summary>
internal sealed class UserHandlers(Accounts accounts)
{
    [Handler]
    public Task On(UserRegistered user, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        accounts.AddAsync(user, context.Time, transaction, cancellation);
}
