using Carillon.Configuration;

namespace Carillon;

/// <summary>
/// How the service's publisher collects messages and what it holds in memory while the transport is slower than the callers. Settings
/// section <c>Carillon:Publishing</c>.
/// </summary>
public sealed class PublisherOptions
{
    private const string Section = "Carillon:Publishing";
    private static readonly SettingRange _bufferMessagesRange = new(Section, nameof(BufferMessages), 1, 1_000_000);
    private static readonly SettingRange _bufferBytesRange = new(Section, nameof(BufferBytes), 64 * 1024, 16L * 1024 * 1024 * 1024);
    private static readonly SettingRange _batchMessagesRange = new(Section, nameof(BatchMessages), 1, 10_000);
    private static readonly SettingRange _batchBytesRange = new(Section, nameof(BatchBytes), 1024, 64 * 1024 * 1024);

    /// <summary>
    /// How many messages may be accepted and not yet confirmed: 1 to 1,000,000. Default 10,000. Handlers have as much again for what they
    /// publish, in messages and bytes, so that they never wait for publishers that wait for them.
    /// </summary>
    public int BufferMessages { get; set => field = _bufferMessagesRange.Check(value); } = 10_000;

    /// <summary>
    /// How many bytes may be accepted and not yet confirmed: 64 KiB to 16 GiB. Default 64 MiB. A single larger message is accepted when
    /// nothing else is.
    /// </summary>
    public long BufferBytes { get; set => field = _bufferBytesRange.Check(value); } = 64 * 1024 * 1024;

    /// <summary>The most messages handed to the transport at once: 1 to 10,000. Default 512.</summary>
    public int BatchMessages { get; set => field = _batchMessagesRange.Check(value); } = 512;

    /// <summary>The most bytes handed to the transport at once: 1 KiB to 64 MiB. Default 1 MiB. A single larger message travels alone.</summary>
    public int BatchBytes { get; set => field = _batchBytesRange.Check(value); } = 1024 * 1024;

    /// <summary>What a call does when the buffer is full. Default <see cref="OverloadBehavior.Wait"/>.</summary>
    public OverloadBehavior Overload { get; set; } = OverloadBehavior.Wait;

    /// <summary>
    /// Whether publishing outside a unit of work is an error, for services in which a message without its rows would be a mistake. Default
    /// false. <see cref="IEventBus.PublishOutsideAsync"/> is always allowed.
    /// </summary>
    public bool RequireUnitOfWork { get; set; }

    /// <summary>Reads the settings of the section <c>Publishing</c>.</summary>
    internal void Read(SettingsReader settings)
    {
        _bufferMessagesRange.Read(settings, value => BufferMessages = (int)value);
        _bufferBytesRange.Read(settings, value => BufferBytes = value);
        _batchMessagesRange.Read(settings, value => BatchMessages = (int)value);
        _batchBytesRange.Read(settings, value => BatchBytes = (int)value);
        settings.Switch(nameof(RequireUnitOfWork), value => RequireUnitOfWork = value);
        settings.Choice<OverloadBehavior>(nameof(Overload), value => Overload = value);
    }
}
