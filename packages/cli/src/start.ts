import type { Io, Output } from './io.ts'
import { main } from './main.ts'

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: text => {
      stream.write(text)
    },
    isTTY: stream.isTTY === true,
    columns: stream.columns ?? 0,
  }
}

// A reader that has seen enough (`everynode why | head`) closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: () => process.stdin,
  env: process.env,
  cwd: process.cwd(),
}

process.exitCode = await main(process.argv.slice(2), io)
