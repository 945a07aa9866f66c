package io.github.hc5.utls.it.hostile;

/** Answers the first thing it hears with bytes prepared beforehand, and is silent ever after. */
final class ScriptedPeer implements Peer {

    private final byte[] answer;
    private boolean asked;
    private boolean answered;

    ScriptedPeer(byte[]... answer) {
        this.answer = Messages.concat(answer);
    }

    @Override
    public void receive(byte[] bytes) {
        asked = true;
    }

    @Override
    public byte[] transmit() {
        if (asked && !answered) {
            answered = true;
            return answer;
        }
        return new byte[0];
    }
}
