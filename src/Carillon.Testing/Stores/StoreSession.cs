using System.Data.Common;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Testing.Stores;

/// <summary>One open transaction as the database sees it. All that it holds is kept or forgotten in one step.</summary>
internal sealed class StoreSession(SimulatedDatabase database, object? client, DbTransaction? rows, Action ended)
{
    private readonly List<Envelope> _messages = [];
    private readonly List<ScheduledMessage> _scheduled = [];
    private readonly List<Action> _effects = [];
    private readonly List<Action<bool>> _ends = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who works in it, or null.</summary>
    public object? Client => client;

    /// <summary>The user's rows, where the database has a SQL engine.</summary>
    public DbTransaction? Rows => rows;

    /// <summary>Whether it goes on.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Waits until it has ended, either way.</summary>
    public async Task WaitAsync() => await _over.Task;

    /// <summary>Something that is undone or made final when it ends.</summary>
    public void OnEnd(Action<bool> end) => _ends.Add(end);

    /// <summary>Something that happens when, and only when, it commits, in the same step.</summary>
    public void OnCommit(Action effect)
    {
        lock (database.Gate)
        {
            RequireOpen();
            _effects.Add(effect);
        }
    }

    /// <summary>Marks a message as handled.</summary>
    /// <returns>What the inbox says, or null when another transaction has to end first.</returns>
    public InboxClaim? TryClaim(string subscription, in Envelope message, out StoreSession? holder)
    {
        lock (database.Gate)
        {
            RequireOpen();
            return database.Inbox.TryClaim(this, subscription, message, out holder);
        }
    }

    /// <summary>Adds messages.</summary>
    public void Append(IReadOnlyList<Envelope> messages)
    {
        lock (database.Gate)
        {
            RequireOpen();
            foreach (var message in messages)
            {
                if (database.Log.Refuse(message) is { } refusal)
                    throw refusal;
            }

            _messages.AddRange(messages);
        }
    }

    /// <summary>Adds messages that are to be published later, once no other transaction adds or cancels the same ones.</summary>
    /// <exception cref="PublishFailedException">Another message of an id waits, or another transaction takes too long.</exception>
    public async ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            while (TrySchedule(messages) is { } holder)
                await holder.WaitAsync().WaitAsync(SimulatedStoreTransaction.LockTimeout, time, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new PublishFailedException(ErrorCodes.StorageBusy, $"Another transaction schedules or cancels the same message: {error.Message}", innerException: error) { IsTransient = true };
        }
    }

    /// <summary>Takes a message off the schedule.</summary>
    public bool Cancel(string source, EventId id)
    {
        lock (database.Gate)
        {
            RequireOpen();
            var own = _scheduled.RemoveAll(message => message.Envelope.Source == source && message.Envelope.Id == id) > 0;
            return database.Schedule.Cancel(source, id, this) || own;
        }
    }

    /// <summary>Keeps everything.</summary>
    public void Commit()
    {
        lock (database.Gate)
        {
            RequireOpen();
            rows?.Commit();
            End(isCommitted: true);
            database.Schedule.Add(_scheduled);
            database.Log.Append(_messages);
            foreach (var effect in _effects)
                effect();
        }
    }

    /// <summary>Forgets everything, if it goes on.</summary>
    public void Rollback()
    {
        lock (database.Gate)
        {
            if (!IsOpen)
                return;
            rows?.Rollback();
            End(isCommitted: false);
        }
    }

    /// <returns>The transaction that has to end first; null when they are added.</returns>
    private StoreSession? TrySchedule(IReadOnlyList<ScheduledMessage> messages)
    {
        lock (database.Gate)
        {
            RequireOpen();
            foreach (var message in messages)
            {
                if (database.Schedule.FindHolder(message.Envelope, this) is { } holder)
                    return holder;
            }

            foreach (var message in messages)
                Schedule(message);
            return null;
        }
    }

    private void Schedule(ScheduledMessage message)
    {
        var own = _scheduled.FindIndex(other => other.Envelope.Source == message.Envelope.Source && other.Envelope.Id == message.Envelope.Id);
        if (own >= 0 && !ScheduleRefusal.IsSame(_scheduled[own].Envelope, message.Envelope))
            throw ScheduleRefusal.AlreadyScheduled(message.Envelope);
        database.Schedule.Claim(message.Envelope, this);
        if (own >= 0)
            _scheduled[own] = message;
        else
            _scheduled.Add(message);
    }

    private void End(bool isCommitted)
    {
        IsOpen = false;
        foreach (var end in _ends)
            end(isCommitted);
        rows?.Dispose();
        ended();
        _over.SetResult();
    }

    private void RequireOpen()
    {
        if (!IsOpen)
            throw new InvalidOperationException("The transaction has ended: it was committed or rolled back, or its connection was lost.");
    }
}
