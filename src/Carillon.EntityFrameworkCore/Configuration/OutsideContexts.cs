using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The contexts of a host whose options lack <c>UseCarillon</c>. They know nothing of units of work, so what they would write beside one is found here.
/// </summary>
internal sealed class OutsideContexts
{
    private readonly Lazy<IPendingMessagesFactory?> _messages;

    public OutsideContexts(IServiceProvider application)
    {
        // Which of the services it is makes no difference: the unit of work is that of the calling code.
        _messages = new(() => application.GetKeyedServices<IPendingMessagesFactory>(KeyedService.AnyKey).FirstOrDefault());
        Interceptors = [new WritingInterceptor(FindWork), new OutsideTransactionInterceptor(FindWork)];
    }

    /// <summary>What looks after each of the contexts.</summary>
    public IReadOnlyList<IInterceptor> Interceptors { get; }

    private SurroundingWork? FindWork(DbContext context) => _messages.Value?.Current is { } work && ContextOutbox.Find(context) is null
        ? new SurroundingWork(context, work, context.Database.CurrentTransaction?.GetDbTransaction())
        : null;
}
