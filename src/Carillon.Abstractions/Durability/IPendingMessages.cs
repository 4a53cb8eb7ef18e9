namespace Carillon.Durability;

/// <summary>
/// Messages that wait for a transaction which somebody else begins and ends, such as that of an object-relational mapper. They keep the
/// ids that they got when they were published, however often they are stored.
/// </summary>
/// <remarks>
/// Any number of callers may publish into it at once, also while it is stored or closed: a message is either here when its call returns, or
/// its publisher is refused. The members themselves are for one caller at a time.
/// </remarks>
public interface IPendingMessages
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>
    /// Makes this the place where messages wait that the calling code, and what it calls, publishes: until what is returned is disposed.
    /// </summary>
    /// <param name="unitOfWork">The unit of work that the code runs in from now on, or null when it only publishes.</param>
    /// <param name="caller">The method that began it, for people who look for one that nobody has disposed.</param>
    /// <param name="line">Where in its file.</param>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: the code runs in a unit of work already.</exception>
    IDisposable Enter(IUnitOfWork? unitOfWork = null, string caller = "", int line = 0);

    /// <summary>
    /// Takes no messages any more: whoever publishes from now on is refused with <see cref="ErrorCodes.InvalidUnitOfWork"/>, until this is entered
    /// again. To be called before the last ones are stored.
    /// </summary>
    void Close();

    /// <summary>Stores them with a transaction, in the order in which they were published. They stay here until they are forgotten.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="from">The first one to store, counted from 0.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many are stored from the first one of all on. Those behind them were published meanwhile.</returns>
    ValueTask<int> StoreAsync(IStoreTransaction transaction, int from, CancellationToken cancellation);

    /// <summary>
    /// Stores them like <see cref="StoreAsync"/> and commits the transaction with the last of them. It must be one that may be committed so
    /// (<see cref="IStoreTransaction.CommitsForOthers"/>).
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="from">The first one to store, counted from 0.</param>
    /// <param name="cancellation">Gives up; whether it is committed is unknown then.</param>
    /// <returns>How many are stored from the first one of all on. Those behind them were published meanwhile.</returns>
    ValueTask<int> CommitAsync(IStoreTransaction transaction, int from, CancellationToken cancellation);

    /// <summary>Forgets messages. Those behind them move up.</summary>
    /// <param name="from">The first one, counted from 0.</param>
    /// <param name="count">How many; more than there are means all.</param>
    void Forget(int from, int count = int.MaxValue);
}
